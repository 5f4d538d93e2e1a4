/*
 * bench/support/compare.mjs - two runs beside each other: which ratios worsened by over 20 %.
 * Why:    times of two days differ by what else the machine did; ratios to a reference of the same
 *         run much less. A value without a reference is compared only if it has a bound of its own
 *         (bytes, shares, milliseconds), and only on the same kind of machine. A share of a whole
 *         rises when the rest gets cheaper: it is shown and not compared.
 * Words:  worse (over the limit), better (likewise), same, missing (in the old run only), new,
 *         skipped (in one of them), apart (not comparable: the text says why).
 */
import { betterOf } from "./figures.mjs";
import { digits } from "./table.mjs";

/** What makes a ratio worse, as a factor. */
export const LIMIT = 1.2;

/* Below this share of a bound that must not be passed, a value is as good as nothing: what lies
 * around zero, or below (growth per request, points behind), scatters by any factor. */
const NOTHING = 0.05;

const machineKeys = ["cpu", "cores", "isa"];
const noticeKeys = ["compiler", "kernel", "libraries"];

/** What the figure is compared by: { value, kind } or null. */
function comparable(figure) {
  if (figure.skip || figure.share) {
    return null;
  }
  if (typeof figure.ratio === "number") {
    return { value: figure.ratio, kind: "ratio" };
  }
  return figure.target?.of === "value" && typeof figure.value === "number"
    ? { value: figure.value, kind: "value" }
    : null;
}

/* What values are raised to before they are compared. */
function floorOf({ target }, kind) {
  return kind === "value" && target.bound === "at most" ? Math.max(target.hard, 0) * NOTHING : 0;
}

/* How many times worse now is than before; above 1 is worse. */
function worsening(before, now, better) {
  const [from, to] = better === "more" ? [now, before] : [before, now];
  if (from === to) {
    return 1;
  }
  return from > 0 ? to / from : Infinity;
}

const wasRun = (parts, part) => part === undefined || (parts ?? [part]).includes(part);

function compareOne(old, now, sameMachine) {
  const base = { id: now.id, title: now.title, before: null, after: null, factor: null };
  if (old.skip || now.skip) {
    return { ...base, word: "skipped" };
  }
  const before = comparable(old);
  const after = comparable(now);
  const apart = !before || !after || before.kind !== after.kind;
  if (apart || (after.kind === "value" && !sameMachine)) {
    return { ...base, word: "apart" };
  }
  const floor = floorOf(now, after.kind);
  const [from, to] = [before, after].map(({ value }) => Math.max(value, floor));
  const factor = worsening(from, to, betterOf(now));
  const word = factor > LIMIT ? "worse" : factor < 1 / LIMIT ? "better" : "same";
  return { ...base, before: before.value, after: after.value, factor, word };
}

const tell = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

function differences(old, now, keys) {
  return keys
    .filter((key) => tell(old?.[key]) !== tell(now?.[key]))
    .map((key) => `${key}: ${tell(old?.[key])} before, ${tell(now?.[key])} now`);
}

/** Whether the older run has figures of any of these parts; false costs no measuring. */
export const mayCompare = (old, parts) => old.figures.some(({ part }) => wasRun(parts, part));

/**
 * Compares two runs. Figures of parts that were not run now are left out, and counted.
 * returns { rows, warnings, worse: how many, shared: how many figures both have, notRun: parts }
 */
export function compare(old, now) {
  const machine = differences(old.machine, now.machine, machineKeys);
  const warnings = machine.map((text) => `another machine: ${text}`);
  warnings.push(...differences(old.machine, now.machine, noticeKeys));
  const before = new Map(old.figures.map((figure) => [figure.id, figure]));
  const after = new Set(now.figures.map(({ id }) => id));
  const rows = now.figures.map((figure) => {
    const { id, title } = figure;
    return before.has(id)
      ? compareOne(before.get(id), figure, machine.length === 0)
      : { id, title, before: null, after: null, factor: null, word: "new" };
  });
  const gone = old.figures.filter(({ id }) => !after.has(id));
  for (const { id, title } of gone.filter(({ part }) => wasRun(now.parts, part))) {
    rows.push({ id, title, before: null, after: null, factor: null, word: "missing" });
  }
  const notRun = gone.map(({ part }) => part).filter((part) => !wasRun(now.parts, part));
  const worse = rows.filter(({ word }) => word === "worse").length;
  const shared = now.figures.filter(({ id }) => before.has(id)).length;
  return { rows, warnings, worse, shared, notRun };
}

function line({ id, title, before, after, factor, word }) {
  const what = `${title} [${id}]`;
  if (factor === null) {
    return `  ${word}: ${what}`;
  }
  const percent = Number.isFinite(factor) ? `${((factor - 1) * 100).toFixed(1)} %` : "from nothing";
  return `  ${word}: ${what}: ${digits(before)} before, ${digits(after)} now (${percent})`;
}

/* What was not compared, each kind in a line. */
function leftOut(count, notRun) {
  const figures = (many) => (many === 1 ? "1 figure" : `${many} figures`);
  const lines = [];
  if (count("missing") > 0) {
    lines.push(`${figures(count("missing"))} of the older run MISSING in this one`);
  }
  if (notRun.length > 0) {
    const parts = [...new Set(notRun)].join(" ");
    lines.push(`${figures(notRun.length)} of the older run left out: not run now: ${parts}`);
  }
  if (count("apart") > 0) {
    lines.push(
      `${figures(count("apart"))} apart, which means not compared: a time or count with neither` +
        " reference nor bound, a share of a whole, or a plain value of another machine",
    );
  }
  return lines;
}

/** The comparison as text: warnings, what is worse, better, missing or new, and a count. */
export function compareText(file, { rows, warnings, worse, notRun = [] }) {
  const told = ["worse", "better", "missing", "new"];
  const lines = told.flatMap((word) => rows.filter((row) => row.word === word).map(line));
  const count = (word) => rows.filter((row) => row.word === word).length;
  const others = ["same", "apart", "skipped", "missing", "new"];
  const rest = others.map((word) => `${count(word)} ${word}`).join(", ");
  const who = worse === 0 ? "Nothing" : `${worse} of ${rows.length}`;
  return [
    `Compared with ${file}`,
    ...warnings.map((text) => `  warning: ${text}`),
    ...lines,
    ...leftOut(count, notRun),
    `${who} worsened by over 20 % (${rest}; a percentage above 0 is worse)`,
  ].join("\n");
}
