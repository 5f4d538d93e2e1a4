/*
 * bench/support/report.mjs - the JSON file of a run: written once, read by --compare.
 * Shape:  { format: "scream-bench", version: 1, made, machine, parts, figures, broken: sentences }
 * Why:    figures of another machine or year are compared by id and ratio; a file that is not one
 *         of ours, or whose numbers are none, is refused before anything is measured.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { flawOf } from "./figures.mjs";

export const VERSION = 1;
const FORMAT = "scream-bench";

/** A file that holds no run: the message says why. */
export class BadReport extends Error {}

/** Writes a run into the folder; its name tells time and commit. returns the path */
export function writeReport(folder, { made, machine, parts, figures, broken }) {
  mkdirSync(folder, { recursive: true });
  const stamp = made.replace(/[-:]/g, "").replace(/\..*$/, "");
  const file = path.join(folder, `${stamp}-${machine.commit ?? "unknown"}.json`);
  const report = { format: FORMAT, version: VERSION, made, machine, parts, figures, broken };
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
  return file;
}

const isTexts = (list) => Array.isArray(list) && list.every((text) => typeof text === "string");

/* What else is read of it. Who broke off was not written down by the first runs. */
function flawOfRest({ parts, broken = [] }) {
  return isTexts(parts) && isTexts(broken) ? null : "parts or broken is no list of texts";
}

/** Reads a run; throws BadReport. */
export function readReport(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not JSON" : error.message;
    throw new BadReport(`${file}: ${reason}`);
  }
  if (report?.format !== FORMAT || !Array.isArray(report.figures)) {
    throw new BadReport(`${file}: it is no result of ./dev bench`);
  }
  if (report.version !== VERSION) {
    throw new BadReport(`${file}: it has version ${report.version}, this bench reads ${VERSION}`);
  }
  const flaw = report.figures.map(flawOf).find(Boolean) ?? flawOfRest(report);
  if (flaw) {
    throw new BadReport(`${file}: ${flaw}`);
  }
  return report;
}
