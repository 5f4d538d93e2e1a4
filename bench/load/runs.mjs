/*
 * bench/load/runs.mjs - several runs of several things, in turn.
 * Why:    the machine is shared and noisy: what is compared is measured round by round, so that
 *         both see the same weather.
 */
import { median } from "../support/figures.mjs";

/**
 * Runs all tasks once a round, each round beginning with another one.
 * in      tasks  { name: async function (round) }
 * returns { name: [what each round gave] }
 */
export async function inTurn(rounds, tasks) {
  const names = Object.keys(tasks);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < names.length; i += 1) {
      const name = names[(i + round) % names.length];
      results[name].push(await tasks[name](round));
    }
  }
  return results;
}

export const percent = (share) => `${(share * 100).toFixed(0)} %`;

/** What the client took, for notes: it runs on the cores of the server. */
export function clientNote(runs) {
  const shares = runs.map(({ clientShare }) => clientShare);
  return `the client runs on the same cores and took ${percent(median(shares))} of one`;
}
