/*
 * bench/parts/wav.mjs - WAV files of 3 s, rendered and sent, none of them kept.
 * Why:    without an encoder the engine and the network are all there is.
 * Method: 16 clients in a closed loop on kept connections. The client takes part of the cores; what
 *         the server alone could do is told from its CPU time per scream.
 * Time:   10 s
 */
import os from "node:os";

import { load } from "../load/client.mjs";
import { clientNote, inTurn } from "../load/runs.mjs";
import { freshSeeds, scream, withServer } from "../load/subject.mjs";
import { figureOf, median } from "../support/figures.mjs";

export const title = "WAV";

const rounds = 5;

export async function run(context) {
  return withServer(context, {}, async (server) => {
    const { wav } = await inTurn(rounds, {
      wav: () =>
        load(context, server, {
          target: scream("#", { format: "wav" }),
          first: freshSeeds(1_000_000),
          connections: 16,
          keep: true,
          seconds: 2,
        }),
    });
    const cores = os.availableParallelism();
    const capacities = wav.map(({ cpuUs }) => (cores * 1e6) / cpuUs);
    const alone = `the server's CPU time alone allows ${Math.round(median(capacities))} a second`;
    return [
      figureOf({
        id: "wav.throughput",
        title: "WAV of 3 s, 16 clients: screams per second",
        unit: "1/s",
        values: wav.map(({ perSecond }) => perSecond),
        target: { line: 5, of: "value", bound: "at least", hard: 3500, moonshot: 5000 },
        note: `${alone}; ${clientNote(wav)}`,
      }),
      figureOf({
        id: "wav.cpu",
        title: "WAV of 3 s: CPU per scream",
        unit: "us",
        values: wav.map(({ cpuUs }) => cpuUs),
      }),
      figureOf({
        id: "wav.capacity",
        title: `WAV of 3 s: what ${cores} cores could do without the client`,
        unit: "1/s",
        values: capacities,
      }),
    ];
  });
}
