/*
 * tests/abuse/h1_raw_matrix.mjs - the totals of tests/e2e/raw_matrix*.test.mjs.
 * Aim:    at least 220 requests as no client would write them, 20 of them cut at every byte: no
 *         crash, an answer or an end within 6 s, and never a second request behind a bad first one.
 */
import { Figures } from "./support/figures.mjs";
import { runNodeTests, testFiles } from "./support/suites.mjs";

export async function figures() {
  const lines = new Figures("H1", "raw HTTP matrix");
  const read = await runNodeTests(testFiles("tests/e2e", /^raw_matrix/));
  const sizes = /# (\d+) cases, (\d+) of them cut at every byte/.exec(read.text) ?? [];
  const slowest = [...read.text.matchAll(/# slowest, \w+: ([\d.]+) s/g)].map((found) =>
    Number(found[1]),
  );
  lines.hard("cases", sizes[1] ?? "not told", ">= 220", Number(sizes[1]) >= 220);
  lines.hard("  cut at every byte", sizes[2] ?? "not told", ">= 20", Number(sizes[2]) >= 20);
  const { passed, failed } = read;
  const all = passed > 0 && failed === 0;
  lines.hard("tests", `${passed} passed, ${failed} failed`, "all passed", all);
  read.blamed.slice(0, 10).forEach((name) => lines.note("  failed", name));
  const worst = Math.max(...slowest);
  lines.hard("slowest answer or end", `${worst} s`, "<= 6 s", slowest.length > 0 && worst <= 6);
  return lines;
}
