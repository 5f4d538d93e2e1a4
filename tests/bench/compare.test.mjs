/*
 * tests/bench/compare.test.mjs - what ./dev bench --compare calls worse.
 * Aim:    a ratio that worsened by over 20 % is named and nothing else is, whichever way is worse;
 *         what cannot be compared is told, never counted.
 * Method: made-up runs, through the functions and through run.mjs with --with, which measures
 *         nothing.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { compare, compareText } from "../../bench/support/compare.mjs";
import { run } from "./support/bench.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "scream-compare-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const machine = { cpu: "Some CPU", cores: 2, isa: "avx2", compiler: "gcc 12", libraries: {} };
const atMost = { line: 2, of: "ratio", bound: "at most", hard: 1.12, moonshot: 1.05 };
const atLeast = { line: 1, of: "ratio", bound: "at least", hard: 20, moonshot: 32 };
const bytes = { line: 6, of: "value", bound: "at most", hard: 75, moonshot: null };

function figure(id, ratio, more = {}) {
  const reference = { title: "reference", value: 1, low: 1, high: 1 };
  const rest = { unit: "ns", value: ratio, low: ratio, high: ratio, samples: 1, reference, ratio };
  return { part: "stages", id, title: `Figure ${id}`, ...rest, target: null, ...more };
}

const value = (id, amount, more) =>
  figure(id, null, { value: amount, low: amount, high: amount, reference: null, ...more });

function report(figures, more = {}) {
  const parts = ["stages"];
  return { format: "scream-bench", version: 1, made: "", machine, parts, figures, ...more };
}

function wordOf(before, now, more = {}) {
  const [old, fresh] = [before, now].map((ratio) => report([figure("a", ratio, more)]));
  const { rows, worse } = compare(old, fresh);
  assert.equal(rows.length, 1);
  assert.equal(worse, rows[0].word === "worse" ? 1 : 0);
  return rows[0].word;
}

test("less is better unless something says more: 19.9 % is noise, 20.1 % is worse", () => {
  assert.equal(wordOf(1, 1.199), "same");
  assert.equal(wordOf(1, 1.2), "same");
  assert.equal(wordOf(1, 1.201), "worse");
  assert.equal(wordOf(1.201, 1), "better");
  assert.equal(wordOf(1, 1.199, { target: atMost }), "same");
  assert.equal(wordOf(1, 1.201, { target: atMost }), "worse");
});

test("what must be at least so much is worse when it is less", () => {
  assert.equal(wordOf(24, 24 / 1.199, { target: atLeast }), "same");
  assert.equal(wordOf(24, 24 / 1.201, { target: atLeast }), "worse");
  assert.equal(wordOf(24, 48, { target: atLeast }), "better");
  assert.equal(wordOf(24, 12, { unit: "Msamples/s" }), "worse");
  assert.equal(wordOf(24, 12, { better: "more" }), "worse");
  assert.equal(wordOf(24, 12, { unit: "1/s", better: "less" }), "better");
});

test("nothing that became something is worse, and nothing that stayed nothing is not", () => {
  assert.equal(wordOf(0, 0), "same");
  assert.equal(wordOf(0, 3), "worse");
  assert.equal(wordOf(3, 0), "better");
  assert.equal(wordOf(3, 0, { better: "more" }), "worse");
});

test("figures that only one run has are told and not counted", () => {
  const old = report([figure("gone", 1), figure("kept", 1)]);
  const now = report([figure("kept", 1), figure("fresh", 9)]);
  const { rows, worse } = compare(old, now);
  assert.equal(worse, 0);
  assert.deepEqual(
    rows.map(({ id, word }) => [id, word]),
    [["kept", "same"], ["fresh", "new"], ["gone", "missing"]],
  );
  const text = compareText("old.json", { rows, warnings: [], worse });
  assert.match(text, /^ {2}missing: Figure gone \[gone\]$/m);
  assert.match(text, /^ {2}new: Figure fresh \[fresh\]$/m);
});

test("parts that were not run now are not missed", () => {
  const parts = ["stages", "cold"];
  const old = report([figure("a", 1), figure("b", 1, { part: "cold" })], { parts });
  assert.deepEqual(
    compare(old, report([figure("a", 1)])).rows.map(({ id }) => id),
    ["a"],
  );
});

test("what was skipped in either run is not compared", () => {
  const skip = { skip: "no such processor", value: null, ratio: null };
  for (const [before, now] of [[{}, skip], [skip, {}], [skip, skip]]) {
    const { rows } = compare(report([figure("a", 1, before)]), report([figure("a", 9, now)]));
    assert.equal(rows[0].word, "skipped");
  }
});

test("a value with a bound is compared on one kind of machine only", () => {
  const old = report([value("m", 60, { target: bytes })]);
  const now = report([value("m", 90, { target: bytes })]);
  assert.equal(compare(old, now).rows[0].word, "worse");
  const elsewhere = { ...now, machine: { ...machine, cpu: "Another" } };
  assert.equal(compare(old, elsewhere).rows[0].word, "apart");
  const bare = compare(report([value("v", 60)]), report([value("v", 90)]));
  assert.equal(bare.rows[0].word, "apart", "a time that nothing stands beside");
});

test("what lies around zero is compared once it is worth a twentieth of its bound", () => {
  const points = { line: 8, of: "value", bound: "at most", hard: 2 };
  const word = (before, now, target = points) =>
    compare(report([value("p", before, { target })]), report([value("p", now, { target })])).rows[0]
      .word;
  assert.equal(word(-0.5, -0.1), "same");
  assert.equal(word(-0.1, -0.5), "same");
  assert.equal(word(-0.5, 0.1), "same");
  assert.equal(word(0.001, 0.1), "same");
  assert.equal(word(-0.5, 0.121), "worse");
  assert.equal(word(0.121, -0.5), "better");
  assert.equal(word(0.2, 0.241), "worse");
  assert.equal(word(0, 1, { ...points, hard: 0 }), "worse", "where nothing is allowed");
});

test("a share of a whole is not compared: it rises when the rest gets cheaper", () => {
  assert.equal(wordOf(0.2, 0.9, { share: true }), "apart");
});

test("another machine is a warning, and ratios are compared all the same", () => {
  const old = report([figure("a", 1)]);
  const now = report([figure("a", 2)], { machine: { ...machine, cores: 64, compiler: "gcc 13" } });
  const { rows, warnings } = compare(old, now);
  assert.equal(rows[0].word, "worse");
  assert.deepEqual(warnings, [
    "another machine: cores: 2 before, 64 now",
    "compiler: gcc 12 before, gcc 13 now",
  ]);
});

test("what is missing, not run, or not comparable is counted aloud", () => {
  const parts = ["stages", "cold", "wav"];
  const more = [figure("c", 1, { part: "cold" }), figure("w", 1, { part: "wav" })];
  const old = report([figure("a", 1), figure("gone", 1), value("t", 3), ...more], { parts });
  const compared = compare(old, report([figure("a", 1), value("t", 3)]));
  assert.equal(compared.shared, 2);
  const text = compareText("old.json", compared);
  assert.match(text, /^1 figure of the older run MISSING in this one$/m);
  assert.match(text, /^2 figures of the older run left out: not run now: cold wav$/m);
  assert.match(text, /^1 figure apart, which means not compared: a time or count with neither/m);
  assert.match(text, /\(1 same, 1 apart, 0 skipped, 1 missing, 0 new; a percentage/);
  const all = compareText("old.json", compare(old, old));
  assert.doesNotMatch(all, /MISSING|left out/);
});

function write(name, content) {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

const compareFiles = (old, now) => run(["--compare", old, "--with", now]);

test("run.mjs ends with 0 when nothing worsened and 1 when something did", async () => {
  const made = (name, ratio) => write(name, report([figure("a", ratio), figure("b", 1)]));
  const old = made("old.json", 1);
  const calm = await compareFiles(old, made("calm.json", 1.199));
  assert.equal(calm.code, 0, calm.stderr);
  assert.match(calm.stdout, /^Nothing worsened by over 20 %/m);
  const worse = await compareFiles(old, made("worse.json", 1.201));
  assert.equal(worse.code, 1);
  assert.match(worse.stdout, /^ {2}worse: Figure a \[a\]: 1.00 before, 1.20 now \(20.1 %\)$/m);
  assert.match(worse.stdout, /^1 of 2 worsened by over 20 %/m);
});

test("a run in which a part broke off fails the comparison too", async () => {
  const old = write("old.json", report([figure("a", 1)]));
  const now = write("now.json", report([], { broken: ["stages broke off: no reason"] }));
  const { code, stdout } = await compareFiles(old, now);
  assert.equal(code, 1);
  assert.match(stdout, /^FAILED stages broke off: no reason$/m);
});

const broken = {
  "cut off": ['{"format": "scream-bench", "vers', /it is not JSON/],
  "not a run": ["[1, 2]", /it is no result of/],
  null: ["null", /it is no result of/],
  "another version": [report([], { version: 2 }), /it has version 2, this bench reads 1/],
  "no version": [report([], { version: undefined }), /it has version undefined/],
  "no figures": [report("none"), /it is no result of/],
  "a nameless figure": [report([{ ratio: 1 }]), /a figure has no id/],
  "a ratio of text": [report([figure("a", "1.5")]), /a: .* not three numbers/],
  "only a ratio of text": [report([figure("a", 1, { ratio: "1.5" })]), /a: its ratio is no number/],
  "a ratio too large for a number": [
    JSON.stringify(report([figure("a", 1, { ratio: 7 })])).replace('"ratio":7', '"ratio":1e999'),
    /a: its ratio is no number/,
  ],
  "parts that are none": [report([figure("a", 1)], { parts: "stages" }), /parts or broken/],
};
for (const [name, [content, sentence]] of Object.entries(broken)) {
  test(`a file that is ${name} is refused with 65`, async () => {
    const good = write("good.json", report([figure("a", 1)]));
    const bad = write("bad.json", content);
    for (const pair of [[bad, good], [good, bad]]) {
      const { code, stdout, stderr } = await compareFiles(...pair);
      assert.equal(code, 65);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
      assert.ok(stderr.includes(bad), stderr);
    }
  });
}

test("a file that is not there is refused with 65", async () => {
  const good = write("good.json", report([figure("a", 1)]));
  const { code, stderr } = await compareFiles(path.join(folder, "nowhere.json"), good);
  assert.equal(code, 65);
  assert.match(stderr, /nowhere\.json: ENOENT/);
});

test("two files that share no figure have nothing in common, and that is 65", async () => {
  const here = write("here.json", report([figure("a", 1)]));
  const there = write("there.json", report([figure("b", 1)]));
  const parts = ["cold"];
  const cold = write("cold.json", report([figure("c", 1, { part: "cold" })], { parts }));
  const none = write("none.json", report([]));
  for (const other of [there, cold, none]) {
    for (const pair of [[here, other], [other, here]]) {
      const { code, stderr } = await compareFiles(...pair);
      assert.equal(code, 65, stderr);
      assert.match(stderr, /: nothing in common with /);
    }
  }
});

test("the older file is read before anything is measured", async () => {
  const { code, stdout } = await run(["--compare", write("bad.json", "{")]);
  assert.equal(code, 65);
  assert.equal(stdout, "");
});
