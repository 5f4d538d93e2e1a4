/*
 * bench/parts/quality.mjs - what the encoder's speed costs the ear: it must be nothing.
 * Why:    one channel at complexity 0 is a quarter of the work of stereo at complexity 9; the
 *         target is that nobody hears it, at an equal or lower bit rate.
 * Method: bench_quality sends all presets in both finishes over both encoders and judges what
 *         comes out (tests/support/quality.h explains the measures; less is better in all). A
 *         noise-to-mask ratio is shown as a plain number, 1 is where noise begins to be heard. The
 *         mean over all sounds must not be worse; the worst preset not by more than the standard
 *         deviation of the differences from seed to seed.
 * Time:   2 s
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { figureOf } from "../support/figures.mjs";
import { parseLines } from "../support/stage_program.mjs";

const execute = promisify(execFile);

export const title = "Quality beside stereo, complexity 9, 64 kbit/s";

const line = 10;
const referenceTitle = "stereo, complexity 9";

/* How decibels become the number that is shown, whose quotients mean something. */
const asRatio = (db) => 10 ** (db / 10);
const asItIs = (db) => db;
const measures = [
  { key: "noise_to_mask_db", id: "nmr", name: "noise to mask", unit: "", shown: asRatio },
  { key: "log_spectral_db", id: "lsd", name: "log-spectral distance", unit: "dB", shown: asItIs },
  { key: "excitation_db", id: "heard", name: "excitation distance", unit: "dB", shown: asItIs },
];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Values by preset and finish, the seeds of each together: "classic smooth" -> [..]. */
export function cellsOf(sounds, values) {
  const cells = new Map();
  sounds.forEach((sound, at) => {
    const name = sound.replace(/ \d+$/, "");
    cells.set(name, [...(cells.get(name) ?? []), values[at]]);
  });
  return cells;
}

/** The standard deviation of values within their cells. */
export function spreadWithin(cells) {
  let squares = 0;
  let free = 0;
  for (const values of cells.values()) {
    const middle = mean(values);
    squares += values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    free += values.length - 1;
  }
  return free > 0 ? Math.sqrt(squares / free) : 0;
}

function ends(values, shown) {
  const of = values.map(shown);
  return { value: shown(mean(values)), low: Math.min(...of), high: Math.max(...of) };
}

/* A figure whose middle is the mean: all presets count, not the middle one. */
function meanFigure({ id, title: name, unit, shown, ours, theirs, target, note }) {
  const value = ends(ours, shown);
  const reference = { title: referenceTitle, ...ends(theirs, shown) };
  const ratios = ours.map((db, at) => shown(db) / shown(theirs[at]));
  return {
    id,
    title: name,
    unit,
    ...value,
    samples: ours.length,
    reference,
    ratio: value.value / reference.value,
    ratioLow: Math.min(...ratios, value.value / reference.value),
    ratioHigh: Math.max(...ratios, value.value / reference.value),
    target,
    better: "less",
    note,
  };
}

function meanOf(measure, road, reference, rate, judged) {
  return meanFigure({
    id: `quality.${measure.id}.${rate}`,
    title: `${rate} kbit/s: ${measure.name}, mean of all presets`,
    unit: measure.unit,
    shown: measure.shown,
    ours: road[measure.key],
    theirs: reference[measure.key],
    target: judged ? { line, of: "ratio", bound: "at most", hard: 1 } : null,
    note: `${road.bitrate} bit/s against ${reference.bitrate}`,
  });
}

/** The worst preset, and how much worse than the reference it may be: one deviation. */
export function worstOf(measure, sounds, road, reference, rate) {
  const { key, shown } = measure;
  const apart = cellsOf(sounds, road[key].map((db, at) => db - reference[key][at]));
  const ours = cellsOf(sounds, road[key]);
  const theirs = cellsOf(sounds, reference[key]);
  const quotient = (cell) => shown(mean(ours.get(cell))) / shown(mean(theirs.get(cell)));
  const worst = [...apart.keys()].reduce((a, b) => (quotient(b) > quotient(a) ? b : a));
  const base = mean(theirs.get(worst));
  const hard = shown(base + spreadWithin(apart)) / shown(base);
  return meanFigure({
    id: `quality.${measure.id}.${rate}.worst`,
    title: `${rate} kbit/s: ${measure.name}, worst preset (${worst})`,
    unit: measure.unit,
    shown,
    ours: ours.get(worst),
    theirs: theirs.get(worst),
    target: { line, of: "ratio", bound: "at most", hard },
  });
}

function cpuFigure(road, reference, rate) {
  return figureOf({
    id: `quality.cpu.${rate}`,
    title: `${rate} kbit/s: encoding a packet of 20 ms`,
    unit: "ns",
    values: road.ns_per_packet,
    reference: { title: referenceTitle, values: reference.ns_per_packet },
  });
}

/** Figures of the lines that bench_quality prints. */
export function figuresOf([{ sounds }, reference, at64, byDefault]) {
  return [
    ...measures.map((measure) => meanOf(measure, at64, reference, 64, true)),
    ...measures.map((measure) => worstOf(measure, sounds, at64, reference, 64)),
    ...measures.map((measure) => meanOf(measure, byDefault, reference, 96, false)),
    cpuFigure(at64, reference, 64),
    cpuFigure(byDefault, reference, 96),
  ];
}

export async function run({ buildFolder }) {
  const program = path.join(buildFolder, "bench_quality");
  const { stdout } = await execute(program, [], { maxBuffer: 16 << 20, timeout: 300000 });
  return figuresOf(parseLines(stdout));
}
