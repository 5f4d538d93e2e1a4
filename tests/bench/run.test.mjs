/*
 * tests/bench/run.test.mjs - the bench as a program: words typed, table, JSON file, exit codes.
 * Aim:    every target gets its word; a part that breaks off, or gives what is no figure, is told
 *         and fails the run while the others go on; what is typed wrong is refused with 64.
 * Method: bench/run.mjs with made-up parts, which measure nothing.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { benchWith } from "./support/bench.mjs";

/* Text of a figure as a part would write it. */
function text(id, ratio, target, more = {}) {
  const reference = { title: "reference", value: 2, low: 1, high: 3 };
  const rest = { unit: "ns", value: 2 * ratio, low: ratio, high: 3 * ratio, samples: 5 };
  return JSON.stringify({ id, title: `Figure ${id}`, ...rest, reference, ratio, target, ...more });
}

const atMost = (line) => ({ line, of: "ratio", bound: "at most", hard: 1.12, moonshot: 1.05 });
const atLeast = (line) => ({ line, of: "ratio", bound: "at least", hard: 20, moonshot: null });

async function withBench(parts, use) {
  const bench = benchWith(parts);
  try {
    await use(bench);
  } finally {
    bench.remove();
  }
}

function writtenIn(folder) {
  const files = readdirSync(folder);
  assert.equal(files.length, 1);
  assert.match(files[0], /^\d{8}T\d{6}-[\w-]+\.json$/);
  return JSON.parse(readFileSync(path.join(folder, files[0]), "utf8"));
}

test("one table, one file, and a word for each target", async () => {
  const figures = [
    text("a.met", 1.1, atMost(2)),
    text("a.moonshot", 1.05, atMost(2)),
    text("a.missed", 19.9, atLeast(1)),
    text("a.reached", 20, atLeast(1)),
    text("a.plain", 3, null),
    text("a.skipped", 1, atMost(3), { skip: "it has no wings", value: null, ratio: null }),
  ];
  await withBench({ first: `return [${figures}];` }, async (bench) => {
    const { code, stdout, stderr } = await bench.run(["first"]);
    assert.equal(code, 1, "targets 4 to 9 have no figure, and first is the only part");
    for (const word of ["met", "moonshot", "missed"]) {
      assert.match(stdout, new RegExp(`^ {2}[12] +Figure a\\.${word} .* ${word}$`, "m"), stderr);
    }
    assert.match(stdout, /^ {2}1 +Figure a\.reached .* met$/m);
    assert.match(stdout, /^ {2}3 +Figure a\.skipped +SKIP .* skipped +it has no wings$/m);
    assert.doesNotMatch(stdout, /^ {2}\d +Figure a\.plain/m);
    assert.match(stdout, /^5 targets: 1 moonshot, 2 met, 1 missed, 1 skipped; /m);
    assert.match(stdout, /^FAILED target 9 has no figure$/m);
    const report = writtenIn(bench.results);
    assert.equal(report.version, 1);
    assert.deepEqual(report.parts, ["first"]);
    assert.ok(report.machine.cpu && report.machine.kernel);
    assert.deepEqual(
      report.figures.map(({ part, verdict }) => [part, verdict]),
      ["met", "moonshot", "missed", "met", null, "skipped"].map((word) => ["first", word]),
    );
  });
});

test("missed targets fail nothing, and a part alone owes no other targets", async () => {
  const parts = { first: `return [${text("a", 9, atMost(1))}];`, second: "return [];" };
  await withBench(parts, async (bench) => {
    const { code, stdout } = await bench.run(["first"]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /1 missed/);
    assert.doesNotMatch(stdout, /FAILED/);
  });
});

test("a part that breaks off is told, and the others still run", async () => {
  const parts = {
    broken: 'throw new Error("the river\\nis dry");',
    sound: `context.log("measuring"); return [${text("s", 1, null)}];`,
  };
  await withBench(parts, async (bench) => {
    const { code, stdout, stderr } = await bench.run(["sound", "broken"]);
    assert.equal(code, 1);
    assert.match(stdout, /^broken: BROKEN OFF after 0 s: the river$/m);
    assert.match(stdout, /^FAILED broken broke off: the river$/m);
    assert.match(stdout, /^ {2}Figure s /m);
    assert.match(stderr, /^bench: sound: measuring$/m);
    const report = writtenIn(bench.results);
    assert.equal(report.figures.length, 1);
    assert.equal(report.broken[0], "broken broke off: the river");
  });
});

const flawed = {
  "no list": "return 5;",
  "no id": "return [{}];",
  "a strange id": `return [${text("A b", 1, null)}];`,
  "no title": `return [${text("a", 1, null, { title: "" })}];`,
  "no number": `return [${text("a", 1, null, { value: "1" })}];`,
  "a value outside its spread": `return [${text("a", 1, null, { low: 5 })}];`,
  "a ratio to nothing": `return [${text("a", 1, null, { reference: null })}];`,
  "half a reference": `return [${text("a", 1, null, { reference: { value: 1 } })}];`,
  "a target of a ratio it has not": `return [${text("a", 1, atMost(2), { ratio: null })}];`,
  "a target that is none": `return [${text("a", 1, { line: 1, of: "luck" })}];`,
};
for (const [name, body] of Object.entries(flawed)) {
  test(`a part that gives ${name} has broken off`, async () => {
    await withBench({ odd: body, other: "return [];" }, async (bench) => {
      const { code, stdout } = await bench.run(["odd"]);
      assert.equal(code, 1);
      assert.match(stdout, /^FAILED odd broke off: /m);
      assert.equal(writtenIn(bench.results).figures.length, 0);
    });
  });
}

test("two figures of one name fail the run", async () => {
  const body = `return [${text("same", 1, null)}];`;
  await withBench({ a: body, b: body, c: "return [];" }, async (bench) => {
    const { code, stdout } = await bench.run(["a", "b"]);
    assert.equal(code, 1);
    assert.match(stdout, /^FAILED two figures are called same$/m);
  });
});

test("the parts that are named run once, in the order of the bench", async () => {
  const parts = { a: "return [];", b: "return [];", stages: "return [];" };
  await withBench(parts, async (bench) => {
    const { stdout } = await bench.run(["b", "stages", "b"]);
    assert.deepEqual(stdout.match(/^\w+(?=: Part )/gm), ["stages", "b"]);
  });
});

test("--compare measures and compares with the older run", async () => {
  const slow = `return [${text("a", 1, null)}];`;
  await withBench({ a: slow, b: "return [];" }, async (bench) => {
    await bench.run(["a"]);
    const [old] = readdirSync(bench.results);
    const { code, stdout } = await bench.run(["a", `--compare=${path.join(bench.results, old)}`]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^Nothing worsened by over 20 % \(1 same/m);
  });
});

test("--compare with a file of other parts is refused before anything is measured", async () => {
  const parts = { a: `return [${text("a", 1, null)}];`, b: 'throw new Error("was run");' };
  await withBench(parts, async (bench) => {
    await bench.run(["a"]);
    const [old] = readdirSync(bench.results);
    const words = ["b", "--compare", path.join(bench.results, old)];
    const { code, stdout, stderr } = await bench.run(words);
    assert.equal(code, 65);
    assert.equal(stdout, "");
    assert.match(stderr, /nothing in common with what is measured now/);
  });
});

test("--markdown prints all ten targets of a run, what is missed, and what bounds it", async () => {
  const figures = [
    text("a.met", 1.1, atMost(2)),
    text("a.missed", 19.9, atLeast(1), { note: "the moon is far" }),
    text("a.dark", 9, atMost(4)),
    text("a.skipped", 1, atMost(3), { skip: "no wings | no feet", value: null, ratio: null }),
    text("a.plain", 3, null),
  ];
  await withBench({ first: `return [${figures}];`, b: "return [];" }, async (bench) => {
    await bench.run(["first"]);
    const [file] = readdirSync(bench.results);
    const words = ["--markdown", path.join(bench.results, file)];
    const { code, stdout, stderr } = await bench.run(words);
    assert.equal(code, 0, stderr);
    const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
    const cells = rows.map((line) => line.replaceAll("\\|", "").split("|").length);
    assert.deepEqual(new Set(cells), new Set([9]), "seven cells in every row");
    assert.deepEqual(
      rows.slice(2).map((line) => Number(line.split("|")[1])),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    const met = "| 2 | Figure a.met | reference | at most 1.12, better 1.05 | 1.10 (";
    assert.ok(stdout.includes(met), stdout);
    assert.match(stdout, /^\| 2 .* x \| met \| `first` a\.met \|$/m);
    assert.match(stdout, /^\| 3 .* not measured: no wings \\\| no feet \| skipped \|/m);
    assert.match(stdout, /^\| 7 \| 1,000 listeners .* not in this run \| none \| `listeners`/m);
    assert.match(stdout, /^- Figure a\.missed: the moon is far\.$/m);
    assert.match(stdout, /^- Figure a\.dark: what bounds it is not known yet\.$/m);
    assert.doesNotMatch(stdout, /a\.plain/);
    assert.ok(stdout.startsWith(`From \`${file}\`: commit `));
    assert.match(stdout, /says, in target 1 and per second, how many times as fast/);
  });
});

test("a run that missed nothing says so, and one that broke off says that it failed", async () => {
  const parts = { a: `return [${text("a", 1, atMost(2))}];`, b: 'throw new Error("gone");' };
  await withBench(parts, async (bench) => {
    await bench.run(["a", "b"]);
    const [file] = readdirSync(bench.results);
    const { code, stdout } = await bench.run([`--markdown=${path.join(bench.results, file)}`]);
    assert.equal(code, 0);
    assert.match(stdout, /^It FAILED: b broke off: gone\.$/m);
    assert.match(stdout, /^Nothing is missed\.$/m);
  });
});

test("--markdown of what is no run is refused with 65", async () => {
  await withBench({ a: "return [];" }, async (bench) => {
    const { code, stdout, stderr } = await bench.run(["--markdown", "/etc/hostname"]);
    assert.equal(code, 65);
    assert.equal(stdout, "");
    assert.match(stderr, /it is not JSON/);
  });
});

const refused = {
  "nonsense": /there is no part 'nonsense'; there are: a/,
  "--fast": /there is no part '--fast'/,
  "a --compare": /--compare wants the JSON file/,
  "--compare=": /--compare wants the JSON file/,
  "--with x.json": /--with wants --compare/,
  "--compare x --compare y": /--compare stands there twice/,
  "a --compare x --with y": /--with measures nothing/,
  "--markdown": /--markdown wants the JSON file/,
  "a --markdown x": /--markdown prints one run/,
  "--markdown x --compare y": /--markdown prints one run/,
  "--markdown=x a": /--markdown prints one run/,
};
for (const [words, sentence] of Object.entries(refused)) {
  test(`run.mjs ${words} is refused with 64`, async () => {
    await withBench({ a: "return [];" }, async (bench) => {
      const { code, stdout, stderr } = await bench.run(words.split(" "));
      assert.equal(code, 64);
      assert.equal(stdout, "");
      assert.match(stderr, sentence);
    });
  });
}
