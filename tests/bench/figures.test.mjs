/*
 * tests/bench/figures.test.mjs - medians, spreads, ratios and what describes the machine.
 * Aim:    no figure is better than what was measured: the spread holds every run, and the ratio's
 *         spread every round.
 * Method: small made-up sets whose answers can be seen.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { figureOf, median, ratioSpread, verdictOf } from "../../bench/support/figures.mjs";
import { countOf } from "../../bench/parts/instructions.mjs";
import { parseVersion } from "../../bench/support/machine.mjs";
import { digits } from "../../bench/support/table.mjs";
import { synthTarget } from "../../bench/parts/stages.mjs";

const figure = { id: "f", title: "F", unit: "ns" };
const beside = (values) => ({ title: "r", values });

test("the median is a middle one, or between two", () => {
  assert.equal(median([5]), 5);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 9, 100, 1]), 9.5);
  assert.throws(() => median([]), /nothing was measured/);
});

test("rounds that were run in turns are compared round by round", () => {
  const made = figureOf({ ...figure, values: [2, 4, 6], reference: beside([1, 4, 2]) });
  assert.equal(made.value, 4);
  assert.deepEqual([made.low, made.high, made.samples], [2, 6, 3]);
  assert.equal(made.ratio, 2);
  assert.deepEqual(ratioSpread(made), [1, 3]);
});

test("other rounds are bounded by both spreads", () => {
  const made = figureOf({ ...figure, values: [2, 6], reference: beside([1, 2, 4]) });
  assert.equal(made.ratio, 2);
  assert.deepEqual(ratioSpread(made), [0.5, 6]);
  const free = figureOf({ ...figure, values: [2], reference: beside([0]) });
  assert.equal(free.ratio, null);
  assert.equal(ratioSpread(free), null);
});

test("words: at the goal is met, at the dream is moonshot", () => {
  const word = (of, bound, value, ratio) =>
    verdictOf({ value, ratio, target: { line: 1, of, bound, hard: 10, moonshot: 20 } });
  assert.equal(word("ratio", "at least", 0, 9.99), "missed");
  assert.equal(word("ratio", "at least", 0, 10), "met");
  assert.equal(word("ratio", "at least", 0, 20), "moonshot");
  assert.equal(word("ratio", "at least", 99, null), "missed");
  assert.equal(word("value", "at least", 15, null), "met");
  const most = { line: 3, of: "value", bound: "at most", hard: 20, moonshot: 5 };
  assert.equal(verdictOf({ value: 20.01, target: most }), "missed");
  assert.equal(verdictOf({ value: 20, target: most }), "met");
  assert.equal(verdictOf({ value: 5, target: most }), "moonshot");
  assert.equal(verdictOf({ value: NaN, target: most }), "missed");
  assert.equal(verdictOf({ value: 1, target: { ...most, moonshot: null } }), "met");
  assert.equal(verdictOf({ value: 1, target: most, skip: "why" }), "skipped");
  assert.equal(verdictOf({ value: 1, target: null }), null);
});

test("target 1 is what the issue says for each instruction set", () => {
  const asked = ["scalar", "sse2", "avx2", "avx512"].map((isa) => {
    const { hard, moonshot } = synthTarget(isa);
    return [hard, moonshot];
  });
  assert.deepEqual(asked, [[4, 6], [10, 16], [20, 32], [30, 50]]);
  assert.equal(synthTarget("neon"), null);
});

test("numbers are shown with the digits that mean something", () => {
  const shown = [0, 0.00123, 0.0567, 1.234, 12.34, 999.6, 12345.6, -1234567, null, NaN, Infinity];
  assert.deepEqual(shown.map(digits), [
    "0", "0.0012", "0.057", "1.23", "12.3", "1,000", "12,346", "-1,234,567", "-", "-", "inf",
  ]);
});

test("the program's own version is read row by row", () => {
  const text =
    "scream 0.1.0 (commit: abc123-changed, built: 2026-11-20)\n" +
    "  compiler       gcc 12.2.0\n  libopus        libopus 1.3.1\n  libogg         1.3.5\n";
  assert.deepEqual(parseVersion(text), {
    commit: "abc123-changed",
    compiler: "gcc 12.2.0",
    libopus: "libopus 1.3.1",
    libogg: "1.3.5",
  });
  assert.deepEqual(parseVersion(""), {});
});

test("callgrind's count is its summary", () => {
  assert.equal(countOf("version: 1\nevents: Ir\nsummary: 1234\n"), 1234);
  assert.equal(countOf("events: Ir\nfn=x\n1 2\ntotals: 99\n"), 99);
  assert.throws(() => countOf("events: Ir\n"), /counted nothing/);
});
