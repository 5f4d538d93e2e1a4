/*
 * bench/support/markdown.mjs - the targets of a run as a Markdown table, for bench/README.md.
 * Why:    a table that is typed is wrong one day; this one is pasted. It comes from a run's JSON
 *         file, names the commit, and tells of what is missed what bounds it, as the part said.
 */
import path from "node:path";

import { judgedText, ratioMeaning, tallyText, targetText } from "./table.mjs";
import { targets } from "./targets.mjs";

const header = ["target", "what", "beside it", "bound", "came out", "word", "part, figure"];

const cell = (text) => String(text).replaceAll("|", "\\|");
const rowText = (cells) => `| ${cells.map(cell).join(" | ")} |`;

/* Lines of at most 100 columns; those after the first stand below the text of a list's item. */
function wrapped(text, indent = "") {
  const lines = [""];
  for (const word of text.split(" ")) {
    const glue = lines.at(-1).trim() === "" ? "" : " ";
    if (lines.at(-1).length + glue.length + word.length > 100 && glue !== "") {
      lines.push(`${indent}${word}`);
    } else {
      lines[lines.length - 1] += `${glue}${word}`;
    }
  }
  return lines.join("\n");
}

function figureRow(figure) {
  return [
    figure.target.line,
    figure.title,
    figure.reference?.title ?? "a number",
    targetText(figure.target),
    figure.skip ? `not measured: ${figure.skip}` : judgedText(figure),
    figure.verdict ?? "none",
    `\`${figure.part}\` ${figure.id}`,
  ];
}

function rowsOf(line, { what, part }, figures) {
  const mine = figures.filter(({ target }) => target?.line === line);
  if (mine.length === 0) {
    return [[line, what, "-", "-", "not in this run", "none", `\`${part}\``]];
  }
  return mine.map(figureRow);
}

/* What is missed, and the parts' own words for it. */
function missedText(figures) {
  const missed = figures.filter(({ verdict }) => verdict === "missed");
  if (missed.length === 0) {
    return ["Nothing is missed."];
  }
  return [
    "Missed, and what bounds it:",
    "",
    ...missed.map(({ title, note }) =>
      wrapped(`- ${title}: ${note ?? "what bounds it is not known yet"}.`, "  "),
    ),
  ];
}

function sourceText(file, { made, machine = {}, broken = [] }) {
  const { commit = "unknown", cores = "?", cpu = "unknown", compiler = "?" } = machine;
  const load = machine.loadAtStart ?? "unknown";
  return [
    `From \`${path.basename(file)}\`: commit ${commit}, ${made},`,
    `${cores} cores (${cpu}), ${compiler}, load ${load} at its start.`,
    ...broken.map((text) => `It FAILED: ${text}.`),
  ].join("\n");
}

/** The table of a run that readReport read. */
export function markdownOf(file, run) {
  const { figures } = run;
  const rows = [...targets].flatMap(([line, about]) => rowsOf(line, about, figures));
  return [
    sourceText(file, run),
    `${tallyText(figures)}.`,
    wrapped(ratioMeaning),
    "",
    rowText(header),
    rowText(header.map(() => "---")),
    ...rows.map(rowText),
    "",
    ...missedText(figures),
  ].join("\n");
}
