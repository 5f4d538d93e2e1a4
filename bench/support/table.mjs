/*
 * bench/support/table.mjs - figures and targets as text.
 * Layout: a block for each part: title, median with the smallest and largest of its runs, the same
 *         of the reference, ratio with its spread, word. Then the targets, by their number.
 */
import { ratioSpread } from "./figures.mjs";

/** A number with as many digits as mean something. */
export function digits(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "-";
  }
  if (!Number.isFinite(value)) {
    return "inf";
  }
  const size = Math.abs(value);
  const places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 4;
  return Number(value)
    .toFixed(size === 0 ? 0 : places)
    .replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
}

/* Counts do not scatter: then there is no spread to show. */
const withSpread = (value, low, high) =>
  low === high ? digits(value) : `${digits(value)} (${digits(low)}..${digits(high)})`;

/** "at least 20, better 32". */
export function targetText({ bound, hard, moonshot }) {
  const better = typeof moonshot === "number" ? `, better ${digits(moonshot)}` : "";
  return `${bound} ${digits(hard)}${better}`;
}

function ratioText(figure) {
  const ends = ratioSpread(figure);
  return ends === null ? "" : `${withSpread(figure.ratio, ...ends)} x`;
}

function referenceText(reference) {
  if (!reference) {
    return "";
  }
  return `${reference.title} ${withSpread(reference.value, reference.low, reference.high)}`;
}

function row(figure) {
  const title = `  ${figure.title}`;
  if (figure.skip) {
    return [title, "SKIP", figure.skip, "", ""];
  }
  const { value, low, high, unit, reference } = figure;
  return [
    title,
    `${withSpread(value, low, high)} ${unit}`.trim(),
    referenceText(reference),
    ratioText(figure),
    figure.verdict ?? "",
  ];
}

function align(rows) {
  const width = (column) => Math.max(...rows.map((cells) => cells[column].length));
  const widths = rows.length > 0 ? rows[0].map((_, column) => width(column)) : [];
  return rows
    .map((cells) => cells.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd())
    .join("\n");
}

/** The block of one part. */
export function partText(name, title, figures, seconds) {
  const rows = align(figures.map(row));
  const notes = figures
    .filter(({ note }) => note)
    .map(({ title: of, note }) => `    ${of}: ${note}`);
  return [`${name}: ${title} (${seconds.toFixed(0)} s)`, rows, ...notes].join("\n");
}

/** What a target judges, with its spread. */
export function judgedText(figure) {
  if (figure.skip) {
    return "SKIP";
  }
  return figure.target.of === "ratio"
    ? ratioText(figure)
    : `${withSpread(figure.value, figure.low, figure.high)} ${figure.unit}`.trim();
}

/** What "x" means behind a ratio. */
export const ratioMeaning =
  "A ratio (x) says, in target 1 and per second, how many times as fast as the reference;" +
  " in the others what share of the reference's cost.";

/** Every figure that has a target, by the number of the target. */
export function targetsText(figures) {
  const rows = figures
    .filter(({ target }) => target)
    .sort((a, b) => a.target.line - b.target.line)
    .map((figure) => [
      `  ${figure.target.line}`,
      figure.title,
      judgedText(figure),
      targetText(figure.target),
      figure.verdict,
      figure.skip ?? "",
    ]);
  return rows.length === 0 ? "" : `Targets\n${align(rows)}\n${ratioMeaning}`;
}

/** "12 targets: 3 moonshot, 7 met, 1 missed, 1 skipped". */
export function tallyText(figures) {
  const words = figures.filter(({ target }) => target).map(({ verdict }) => verdict);
  const count = (word) => words.filter((one) => one === word).length;
  const parts = ["moonshot", "met", "missed", "skipped"].map((word) => `${count(word)} ${word}`);
  return `${words.length} targets: ${parts.join(", ")}`;
}
