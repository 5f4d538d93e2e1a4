/*
 * bench/load/subject.mjs - the server that is measured.
 * Why:    each part has one of its own, ended with the usual demands: exit code 0, no error in the
 *         log. It logs warnings only: nginx beside it writes no access log either.
 */
import { withSubject } from "../../tests/abuse/support/subject.mjs";

/* Seeds nobody has asked for: one series for the whole bench, all of ten digits. */
let nextSeed = 1_000_000_000;

/** So many seeds in a row that were never given out before; returns the first. */
export function freshSeeds(count) {
  nextSeed += count;
  return nextSeed - count;
}

/** The scream everybody renders: default settings, 3 s. `query` adds to it. */
export function scream(seed = "#", { format = "ogg", query = "" } = {}) {
  return `/scream.${format}?preset=classic&seed=${seed}${query}`;
}

/** Runs work(server) against a server of the given settings. */
export function withServer(context, { settings = {}, ...options }, work) {
  const quiet = { SCREAM_LOG_LEVEL: "warn", ...settings };
  return withSubject(
    { admin: false, program: context.binary, settings: quiet, ...options },
    work,
  );
}

/** A whole cold load: every request a seed of its own. */
export function coldTarget(count = 1_000_000) {
  return { target: scream(), first: freshSeeds(count) };
}
