/*
 * tests/support/chromium.mjs - starts Debian's Chromium for one test, quietly.
 * Why:    a fresh profile, no telephone calls home, no QUIC: what the page shows is our doing.
 * Flow:   withPage(async (page) => ...) -> launch -> page -> close, profile removed; the heads that
 *         our servers sent to the page are held against openapi.yaml.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { ContractError, holdHead, isServer } from "../contract/support/ledger.mjs";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

/* Holds a head against the contract; a page that ends meanwhile takes its answers with it. */
async function hold(response) {
  const { port, pathname, search } = new URL(response.url());
  if (!isServer(port)) {
    return;
  }
  const headers = await response.allHeaders().catch(() => null);
  if (headers !== null) {
    const request = { port, method: response.request().method(), target: pathname + search };
    holdHead(request, { status: response.status(), headers });
  }
}

/** Runs act(page) in a new headless Chromium and returns what it returns. */
export async function withPage(act) {
  const profile = await mkdtemp(join(tmpdir(), "scream-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.SCREAM_CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: quiet,
  });
  const holds = [];
  context.on("response", (response) => holds.push(hold(response).catch((error) => error)));
  try {
    const result = await act(context.pages()[0] ?? (await context.newPage()));
    const breach = (await Promise.all(holds)).find((error) => error instanceof ContractError);
    if (breach) {
      throw breach;
    }
    return result;
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
