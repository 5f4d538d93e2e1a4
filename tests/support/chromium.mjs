/*
 * tests/support/chromium.mjs - starts Debian's Chromium for one test, quietly.
 * Why:    a fresh profile, no telephone calls home, no QUIC: what the page shows is our doing.
 * Flow:   withPage(async (page) => ...) -> launch -> page -> close, profile removed.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

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

/** Runs act(page) in a new headless Chromium and returns what it returns. */
export async function withPage(act) {
  const profile = await mkdtemp(join(tmpdir(), "scream-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.SCREAM_CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: quiet,
  });
  try {
    return await act(context.pages()[0] ?? (await context.newPage()));
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
