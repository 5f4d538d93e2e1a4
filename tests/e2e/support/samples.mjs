/*
 * tests/e2e/support/samples.mjs - how many samples a duration has.
 * Why:    48000 times the seconds, cut off, where seconds is the double that whole seconds and the
 *         rest in nanoseconds add up to: 2.345 s is one sample shorter than pencil and paper say.
 */

/** Samples per channel of a duration in plain seconds, given as text or number. */
export function samplesOf(duration) {
  const [whole, rest = ""] = String(duration).split(".");
  const seconds = Number(whole) + Number(rest.padEnd(9, "0")) / 1e9;
  return Math.floor(seconds * 48000);
}
