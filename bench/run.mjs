/*
 * bench/run.mjs - measures what speed and memory were promised, and says what became of it.
 * Flow:   parts one after the other -> figures -> a word for each target -> a table, a JSON file in
 *         build/bench -> with --compare what worsened since an older one. --markdown prints the
 *         targets of such a file for bench/README.md.
 * Why:    every figure stands beside a reference of the same run, because machines differ.
 * Parts:  bench/parts/NAME.mjs exports title and run(context), which returns figures as
 *         support/figures.mjs describes them; context is { binary, buildFolder, nodeModules, cache,
 *         log }. ./dev bench builds everything first.
 * Reads:  SCREAM_BENCH_BUILD, _PARTS and _RESULTS name other folders (tests, older commits);
 *         SCREAM_BINARY another program.
 * Limits: a part that breaks off is told, and the others still run.
 */
import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { BadReport, readReport, writeReport } from "./support/report.mjs";
import { compare, compareText, mayCompare } from "./support/compare.mjs";
import { describeMachine, machineText } from "./support/machine.mjs";
import { flawOf, verdictOf } from "./support/figures.mjs";
import { leaveNothingBehind } from "./support/broken_off.mjs";
import { parseArguments } from "./support/arguments.mjs";
import { markdownOf } from "./support/markdown.mjs";
import { partText, tallyText, targetsText } from "./support/table.mjs";
import { stageIsas } from "./support/stage_program.mjs";
import { targets } from "./support/targets.mjs";

const EXIT = { ok: 0, failed: 1, misuse: 64, data: 65 };

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const partsFolder = process.env.SCREAM_BENCH_PARTS || path.join(root, "bench", "parts");
const resultsFolder = process.env.SCREAM_BENCH_RESULTS || path.join(root, "build", "bench");

const say = (text) => process.stdout.write(`${text}\n`);

/* Cheap ones first: what a short run shows is at the top of a long one. */
function knownParts() {
  const names = readdirSync(partsFolder)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => name.replace(/\.mjs$/, ""));
  const first = ["stages", "instructions"].filter((name) => names.includes(name));
  return [...first, ...names.filter((name) => !first.includes(name)).sort()];
}

function contextOf() {
  const buildFolder = process.env.SCREAM_BENCH_BUILD || path.join(root, "build", "release");
  return {
    binary: process.env.SCREAM_BINARY || path.join(buildFolder, "scream"),
    buildFolder,
    nodeModules: path.join(root, "tests", "node_modules"),
    cache: process.env.SCREAM_CACHE || path.join(os.homedir(), ".cache", "scream"),
  };
}

function accept(name, figures) {
  if (!Array.isArray(figures)) {
    throw new Error("it gave no list of figures");
  }
  const flaw = figures.map(flawOf).find(Boolean);
  if (flaw) {
    throw new Error(flaw);
  }
  return figures.map((figure) => ({ part: name, ...figure, verdict: verdictOf(figure) }));
}

/* returns { figures, broke: null or why } */
async function runPart(name, context) {
  const begun = performance.now();
  const log = (text) => process.stderr.write(`bench: ${name}: ${text}\n`);
  const seconds = () => (performance.now() - begun) / 1000;
  try {
    const part = await import(pathToFileURL(path.join(partsFolder, `${name}.mjs`)).href);
    const figures = accept(name, await part.run({ ...context, log }));
    say(`\n${partText(name, part.title, figures, seconds())}`);
    return { figures, broke: null };
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    const broke = String(error.message).split("\n")[0].slice(0, 200);
    say(`\n${name}: BROKEN OFF after ${seconds().toFixed(0)} s: ${broke}`);
    return { figures: [], broke };
  }
}

/* An id says which figure is which, in this run and in the next. */
function doubled(figures) {
  const seen = new Set();
  return figures.filter(({ id }) => seen.size === seen.add(id).size).map(({ id }) => id);
}

async function measure(parts) {
  const begun = performance.now();
  const context = contextOf();
  if (!existsSync(context.binary)) {
    throw new Error(`${context.binary} is not there; ./dev bench builds it`);
  }
  const isas = await stageIsas(context.buildFolder).catch(() => []);
  const machine = describeMachine(context.binary, isas);
  const made = new Date().toISOString();
  say(machineText(machine));
  const figures = [];
  const broken = [];
  for (const name of parts) {
    const done = await runPart(name, context);
    figures.push(...done.figures);
    if (done.broke !== null) {
      broken.push(`${name} broke off: ${done.broke}`);
    }
  }
  broken.push(...doubled(figures).map((id) => `two figures are called ${id}`));
  say(`\n${targetsText(figures)}`);
  if (parts.length === knownParts().length) {
    const shown = new Set(figures.map(({ target }) => target?.line));
    broken.push(
      ...[...targets.keys()]
        .filter((line) => !shown.has(line))
        .map((line) => `target ${line} has no figure`),
    );
  }
  say(`\n${tallyText(figures)}; ${((performance.now() - begun) / 60000).toFixed(1)} minutes`);
  broken.forEach((text) => say(`FAILED ${text}`));
  const run = { made, machine, parts, figures, broken };
  say(`Written: ${writeReport(resultsFolder, run)}`);
  return run;
}

function nothingInCommon(request) {
  const other = request.with ?? "what is measured now";
  return new BadReport(`${request.compare}: nothing in common with ${other}`);
}

async function main() {
  const request = parseArguments(process.argv.slice(2), knownParts());
  if (request.misuse) {
    process.stderr.write(`bench: ${request.misuse}\n`);
    return EXIT.misuse;
  }
  if (request.markdown) {
    say(markdownOf(request.markdown, readReport(request.markdown)));
    return EXIT.ok;
  }
  /* Before anything is measured: who mistypes the name learns it in a second. */
  const old = request.compare ? readReport(request.compare) : null;
  const other = request.with ? readReport(request.with) : null;
  if (old && !mayCompare(old, other?.parts ?? request.parts)) {
    throw nothingInCommon(request);
  }
  const run = other ?? (await measure(request.parts));
  const broken = run.broken ?? [];
  if (other) {
    broken.forEach((text) => say(`FAILED ${text}`));
  }
  if (!old) {
    return broken.length > 0 ? EXIT.failed : EXIT.ok;
  }
  const compared = compare(old, run);
  if (compared.shared === 0 && broken.length === 0) {
    throw nothingInCommon(request);
  }
  say(`${other ? "" : "\n"}${compareText(request.compare, compared)}`);
  return compared.worse > 0 || broken.length > 0 ? EXIT.failed : EXIT.ok;
}

leaveNothingBehind();
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = error instanceof BadReport ? EXIT.data : EXIT.failed;
}
