/*
 * tests/abuse/h2_contract.mjs - the totals of tests/contract: what openapi.yaml promises, kept.
 * Limits: that every answer of the end-to-end suite fits the document is judged by ./dev test,
 *         which takes longer than is available here.
 */
import { Figures } from "./support/figures.mjs";
import { runNodeTests, testFiles } from "./support/suites.mjs";

export async function figures() {
  const lines = new Figures("H2", "API contract: document, examples, statuses");
  const read = await runNodeTests(testFiles("tests/contract"));
  const { passed, failed } = read;
  const all = passed > 0 && failed === 0;
  lines.hard("tests", `${passed} passed, ${failed} failed`, "all passed", all);
  read.blamed.slice(0, 10).forEach((name) => lines.note("  failed", name));
  return lines;
}
