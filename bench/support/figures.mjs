/*
 * bench/support/figures.mjs - what a figure is, and which word it earns.
 * Shape:  { id, title, unit, value, low, high, samples,
 *           reference: { title, value, low, high } or null,   measured in the same run, in turns
 *           ratio: value / reference.value or null,
 *           ratioLow, ratioHigh: the ratio's own spread where rounds are paired (else bounded from
 *             both spreads),
 *           target: { line, of: "ratio" | "value", bound: "at most" | "at least", hard, moonshot }
 *             or null,
 *           better: "less" | "more", where neither target nor unit tells,
 *           share: true, where the reference is the whole that this is a part of,
 *           skip: why it cannot be measured here; note: what bounds it }
 * Words:  met, moonshot, missed, skipped; a figure without a target has none.
 */

/** The middle of the values; of an even number the mean of the middle two. */
export function median(values) {
  if (values.length === 0) {
    throw new Error("nothing was measured");
  }
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The smallest, middle and largest of the values. */
export function spread(values) {
  const value = median(values);
  return { value, low: Math.min(...values), high: Math.max(...values), samples: values.length };
}

/**
 * A figure from the values of rounds. With a reference { title, values } of as many rounds, round
 * k of both was measured one after the other: the ratio's spread is that of the rounds' ratios.
 */
export function figureOf({ values, reference, ...rest }) {
  const figure = { ...rest, ...spread(values), reference: null, ratio: null };
  figure.target ??= null;
  if (!reference) {
    return figure;
  }
  const { value, low, high } = spread(reference.values);
  figure.reference = { title: reference.title, value, low, high };
  if (value > 0) {
    figure.ratio = figure.value / value;
    if (reference.values.length === values.length) {
      const ratios = values.map((one, k) => one / reference.values[k]);
      figure.ratioLow = Math.min(...ratios, figure.ratio);
      figure.ratioHigh = Math.max(...ratios, figure.ratio);
    }
  }
  return figure;
}

/** A figure that cannot be measured here. */
export function skipped(id, title, skip, target = null) {
  const nothing = { value: null, low: null, high: null, samples: 0, reference: null, ratio: null };
  return { id, title, unit: "", ...nothing, target, skip };
}

/** The spread of a figure's ratio: [low, high], or null without one. */
export function ratioSpread({ low, high, reference, ratio, ratioLow, ratioHigh }) {
  if (ratio === null) {
    return null;
  }
  if (Number.isFinite(ratioLow) && Number.isFinite(ratioHigh)) {
    return [ratioLow, ratioHigh];
  }
  const most = reference.low > 0 ? high / reference.low : Infinity;
  return [low / reference.high, most];
}

/** Whether less or more of it is better. */
export function betterOf({ better, target, unit }) {
  if (better) {
    return better;
  }
  if (target) {
    return target.bound === "at least" ? "more" : "less";
  }
  return unit.endsWith("/s") ? "more" : "less";
}

/** What a target judges: the ratio or the value. */
export const judged = (figure) => (figure.target?.of === "ratio" ? figure.ratio : figure.value);

function reaches(value, bound, goal) {
  if (typeof value !== "number" || typeof goal !== "number") {
    return false;
  }
  return bound === "at least" ? value >= goal : value <= goal;
}

/** The word a figure earns; null without a target. What was not measured was not met. */
export function verdictOf(figure) {
  if (figure.skip) {
    return "skipped";
  }
  if (!figure.target) {
    return null;
  }
  const { bound, hard, moonshot } = figure.target;
  if (reaches(judged(figure), bound, moonshot)) {
    return "moonshot";
  }
  return reaches(judged(figure), bound, hard) ? "met" : "missed";
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

function checkTarget(target) {
  const known =
    Number.isInteger(target.line) &&
    ["ratio", "value"].includes(target.of) &&
    ["at most", "at least"].includes(target.bound) &&
    isNumber(target.hard) &&
    (target.moonshot === null || target.moonshot === undefined || isNumber(target.moonshot));
  return known ? null : "its target is none";
}

/** What is wrong with a figure that a part gave, or null. */
export function flawOf(figure) {
  if (typeof figure?.id !== "string" || !/^[a-z0-9_.-]+$/.test(figure.id)) {
    return "a figure has no id";
  }
  if (typeof figure.title !== "string" || figure.title === "") {
    return `${figure.id}: it has no title`;
  }
  const flaw = figure.target ? checkTarget(figure.target) : null;
  if (flaw || figure.skip) {
    return flaw && `${figure.id}: ${flaw}`;
  }
  if (typeof figure.unit !== "string") {
    return `${figure.id}: it has no unit`;
  }
  if (![figure.value, figure.low, figure.high].every(isNumber)) {
    return `${figure.id}: value, low and high are not three numbers`;
  }
  if (!(figure.low <= figure.value && figure.value <= figure.high)) {
    return `${figure.id}: the value lies outside its spread`;
  }
  if (figure.target?.of === "ratio" && !isNumber(figure.ratio)) {
    return `${figure.id}: its target is of a ratio that it does not have`;
  }
  if (figure.ratio !== null && figure.ratio !== undefined && !isNumber(figure.ratio)) {
    return `${figure.id}: its ratio is no number`;
  }
  const { reference } = figure;
  if (reference && ![reference.value, reference.low, reference.high].every(isNumber)) {
    return `${figure.id}: its reference is not three numbers`;
  }
  return isNumber(figure.ratio) && !reference ? `${figure.id}: a ratio to nothing` : null;
}
