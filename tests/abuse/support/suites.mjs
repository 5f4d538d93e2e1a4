/*
 * tests/abuse/support/suites.mjs - runs tests that live elsewhere, and reads their totals.
 * Why:    the raw matrix, the contract and the torture have homes of their own in the suite; here
 *         their figures stand beside the others, and none is written twice.
 */
import { readdirSync } from "node:fs";

import { root } from "../../e2e/support/server.mjs";
import { run } from "../../e2e/support/tools.mjs";

const patienceMs = 300000;

function numberOf(text, pattern) {
  const found = pattern.exec(text);
  return found ? Number(found[1]) : NaN;
}

/** The *.test.mjs of a folder below the root whose names match. */
export function testFiles(folder, pattern = /\.test\.mjs$/) {
  return readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith(".test.mjs") && pattern.test(name))
    .map((name) => `${root}${folder}/${name}`);
}

/** Runs test files with this Node: { passed, failed, skipped, blamed: [name], text }. */
export async function runNodeTests(files) {
  const words = ["--test", "--test-reporter=tap", "--test-concurrency=1", ...files];
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, ...env } = process.env;
  const { text } = await run(process.execPath, words, { env, cwd: root, timeoutMs: patienceMs });
  const blamed = [...text.matchAll(/^ *not ok \d+ - (.*)$/gm)].map((found) => found[1]);
  return {
    passed: numberOf(text, /^# pass (\d+)$/m),
    failed: numberOf(text, /^# fail (\d+)$/m) + numberOf(text, /^# cancelled (\d+)$/m),
    skipped: numberOf(text, /^# skipped (\d+)$/m),
    blamed,
    text,
  };
}

/** Runs the tests of a label that CTest knows of in a build folder; the same, from cmocka. */
export async function runCtest(folder, label) {
  const words = ["--test-dir", folder, "-L", `^${label}$`, "--no-tests=error", "-V"];
  const { code, text } = await run("ctest", words, { cwd: root, timeoutMs: patienceMs });
  const count = (pattern) => [...text.matchAll(pattern)].length;
  return {
    code,
    passed: count(/\[ +OK +\]/g),
    failed: count(/\[ +FAILED +\] [a-z]/g),
    text,
  };
}
