/*
 * bench/support/targets.mjs - the targets by their number: what each is about, and who measures it.
 * Why:    a run of some parts says of the others where they are found; a whole run that has no
 *         figure for one has failed. Bounds stand with the figures, in the parts.
 */

export const targets = new Map([
  [1, { what: "synth, whole classic chain, raw, on one core", part: "stages" }],
  [2, { what: "cold Ogg over HTTP, 16 and 64 clients", part: "cold" }],
  [3, { what: "first audio byte of a scream nobody asked for before", part: "first_byte" }],
  [4, { what: "cached scream on a kept connection", part: "cached" }],
  [5, { what: "WAV of 3 s, all cores", part: "wav" }],
  [6, { what: "memory: resident, per stream, per connection, growth", part: "memory" }],
  [7, { what: "1,000 listeners at real-time speed", part: "listeners" }],
  [8, { what: "Zipf over 10,000 URLs: hit rate, first byte of a hit", part: "zipf" }],
  [9, { what: "control routes while every core renders", part: "control" }],
  [10, { what: "quality guard: what the encoder's speed costs the ear", part: "quality" }],
]);
