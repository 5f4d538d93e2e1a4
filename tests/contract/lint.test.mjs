/*
 * tests/contract/lint.test.mjs - openapi.yaml as redocly sees it.
 * Aim:    no error and no warning under the rules of redocly.yaml, none of which is ignored.
 * Method: the linter itself, without network; then copies with one fault each, to see that it
 *         would say so.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { makeFolder, removeFolder, run } from "../e2e/support/tools.mjs";
import { documentPath } from "./support/document.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const linter = fileURLToPath(new URL("../node_modules/@redocly/cli/bin/cli.js", import.meta.url));

/* Lints a file; { errors, warnings, ignored, problems: [{ rule, text }] }. */
async function lint(path, folder) {
  const args = ["lint", path, "--config", join(here, "redocly.yaml")];
  const options = ["--format", "json", "--max-problems", "1000", "--lint-config", "error"];
  const { text, stderr } = await run(process.execPath, [linter, ...args, ...options], {
    env: { PATH: process.env.PATH, HOME: folder, REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    cwd: folder,
  });
  assert.match(text, /^\s*\{/, `no report: ${text}${stderr}`);
  const { totals, problems } = JSON.parse(text);
  return {
    ...totals,
    problems: problems.map(({ ruleId, message, location }) => ({
      rule: ruleId,
      text: `${location?.[0]?.pointer ?? ""}: ${message}`,
    })),
  };
}

async function withFolder(act) {
  const folder = await makeFolder();
  try {
    return await act(folder);
  } finally {
    await removeFolder(folder);
  }
}

test("no error and no warning", () =>
  withFolder(async (folder) => {
    const { errors, warnings, ignored, problems } = await lint(documentPath, folder);
    const listed = problems.map(({ rule, text }) => `${rule} ${text}`).join("\n");
    assert.deepEqual({ errors, warnings, ignored }, { errors: 0, warnings: 0, ignored: 0 }, listed);
  }));

/* What is replaced, by what, and the rule that must notice. */
const faults = [
  ["no-unresolved-refs", "#/components/responses/UriTooLong'", "#/components/responses/Missing'"],
  ["no-invalid-parameter-examples", "example: 1.5", "example: soon"],
  ["operation-operationId-unique", "operationId: getLivez", "operationId: getReadyz"],
  ["no-unused-components", "    Audio:\n", "    Unused:\n      type: string\n    Audio:\n"],
  ["struct", "\n  license:\n", "\n  licence:\n"],
  ["operation-4xx-problem-details-rfc7807", "application/problem+json:", "application/json:"],
];

for (const [rule, from, to] of faults) {
  test(`${rule} is noticed`, () =>
    withFolder(async (folder) => {
      const text = readFileSync(documentPath, "utf8");
      const spoiled = text.replaceAll(from, to);
      assert.ok(spoiled !== text, `openapi.yaml holds no ${JSON.stringify(from)} any more`);
      const path = join(folder, "openapi.yaml");
      await writeFile(path, spoiled);
      const { problems } = await lint(path, folder);
      assert.ok(
        problems.some((problem) => problem.rule === rule),
        JSON.stringify(problems.slice(0, 5)),
      );
    }));
}
