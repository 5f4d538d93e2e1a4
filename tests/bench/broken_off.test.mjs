/*
 * tests/bench/broken_off.test.mjs - a bench that somebody ends.
 * Aim:    whichever signal ends it, its children are gone, also one that does not listen, and so
 *         are its folders; no part goes on; the exit code names the signal.
 * Method: bench/run.mjs with parts that start sleeping shells, make a folder and wait.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import { test } from "node:test";

import { waitFor } from "../e2e/support/wait.mjs";
import { benchWith, root } from "./support/bench.mjs";

/* Says what it has made once its child runs. */
const waiting = (command) => `
  const { makeFolder } = await import("${root}bench/support/broken_off.mjs");
  const { spawn } = await import("node:child_process");
  const folder = makeFolder();
  const command = ${JSON.stringify(`${command} echo; while :; do sleep 1; done`)};
  const child = spawn("sh", ["-c", command]);
  child.stdout.once("data", () => context.log(\`made \${child.pid} \${folder}\`));
  await new Promise((resolve) => child.once("close", resolve));
  return [];`;

/* A zombie is gone, whoever may collect it. */
function isThere(pid) {
  try {
    return /\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

const isGone = (pid) => waitFor(() => !isThere(pid), `the end of ${pid}`);

/* Runs the bench until its part waits, then sends the signal. */
async function endedBy(bench, signal) {
  const env = { ...process.env, ...bench.environment };
  const child = spawn(process.execPath, [`${root}bench/run.mjs`, "first", "second"], { env });
  const end = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  const made = await new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      const found = /made (\d+) (\S+)/.exec(stderr);
      if (found) {
        resolve({ pid: found[1], folder: found[2] });
      }
    });
    child.once("close", () => reject(new Error(`it ended by itself: ${stdout}${stderr}`)));
  });
  assert.ok(isThere(made.pid) && existsSync(made.folder));
  child.kill(signal);
  return { code: await end, stdout, ...made };
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  test(`${signal} leaves no child, no folder and no result`, async () => {
    const bench = benchWith({ first: waiting(""), second: "return [];" });
    try {
      const { code, stdout, pid, folder } = await endedBy(bench, signal);
      assert.equal(code, 128 + os.constants.signals[signal]);
      await isGone(pid);
      assert.ok(!existsSync(folder), "the folder is gone");
      assert.ok(!existsSync(bench.results), "nothing was written");
      assert.doesNotMatch(stdout, /second/, "the next part did not begin");
    } finally {
      bench.remove();
    }
  });
}

test("a child that does not listen is killed", async () => {
  const bench = benchWith({ first: waiting('trap "" TERM;'), second: "return [];" });
  try {
    const { code, pid } = await endedBy(bench, "SIGTERM");
    assert.equal(code, 143);
    await isGone(pid);
  } finally {
    bench.remove();
  }
});
