/*
 * tests/bench/support/bench.mjs - bench/run.mjs as a process, with parts of the test's own.
 * Why:    what it prints and how it ends is what people and machines see of it.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs run.mjs. returns { code, stdout, stderr } */
export function run(words, environment = {}) {
  const env = { ...process.env, ...environment };
  const options = { env, cwd: root, timeout: 60000 };
  const args = [`${root}bench/run.mjs`, ...words];
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

/**
 * A folder of parts { name: source text of what run(context) returns or throws }, and one for
 * results. returns { run(words), environment, results, remove() }
 */
export function benchWith(parts) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "scream-bench-"));
  const results = path.join(folder, "results");
  for (const [name, body] of Object.entries(parts)) {
    const title = `export const title = "Part ${name}";\n`;
    const text = `${title}export async function run(context) {\n${body}\n}\n`;
    writeFileSync(path.join(folder, `${name}.mjs`), text);
  }
  const environment = {
    SCREAM_BENCH_PARTS: folder,
    SCREAM_BENCH_RESULTS: results,
    SCREAM_BENCH_BUILD: folder,
    SCREAM_BINARY: "/bin/true",
  };
  return {
    results,
    environment,
    run: (words = []) => run(words, environment),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
