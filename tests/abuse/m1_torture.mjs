/*
 * tests/abuse/m1_torture.mjs - every allocation fails once: the totals of tests/torture.
 * Aim:    0 crashes, 0 hangs, 0 leaks, at the start, in requests and at the stop.
 * Limits: the driver is C and needs the build folder of the preset check; SCREAM_TORTURE_BUILD
 *         names another one.
 */
import { root } from "../e2e/support/server.mjs";
import { Figures } from "./support/figures.mjs";
import { runCtest } from "./support/suites.mjs";

/** Runs it: { code, passed, failed, allocations, wrong }. */
export async function measure() {
  const folder = process.env.SCREAM_TORTURE_BUILD || `${root}build/check`;
  const read = await runCtest(folder, "torture");
  const allocations = [...read.text.matchAll(/torture \S+: (\d+) allocations failed/g)];
  const wrong = [...read.text.matchAll(/, (\d+) wrong/g)];
  const sum = (list) => list.reduce((total, found) => total + Number(found[1]), 0);
  return { ...read, allocations: sum(allocations), wrong: sum(wrong) };
}

export async function figures() {
  const lines = new Figures("M1", "torture: each allocation fails once");
  const read = await measure();
  lines.hard("allocations that failed", read.allocations, "some", read.allocations > 0);
  const { code, passed, failed } = read;
  lines.hard(
    "tests: no crash, no hang, nothing left",
    `${passed} passed, ${failed} failed`,
    "all",
    code === 0 && passed > 0 && failed === 0,
  );
  lines.hard("ends without an answer or a sentence", read.wrong, "0", read.wrong === 0);
  return lines;
}
