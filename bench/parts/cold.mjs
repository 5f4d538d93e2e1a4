/*
 * bench/parts/cold.mjs - screams that nobody has asked for before, on all cores.
 * Why:    this is what the service is for; the encoder alone is most of it, and cannot be avoided.
 * Method: 16 and 64 clients in a closed loop on kept connections, each request a seed of its own;
 *         in turn with them the system's libopus, bare, once on each core, at the niceness of the
 *         HTTP threads; and the encoder as the program links it. CPU per scream is taken while all
 *         cores are busy.
 * Time:   32 s
 */
import os from "node:os";

import { load, opusLoops } from "../load/client.mjs";
import { clientNote, inTurn } from "../load/runs.mjs";
import { coldTarget, withServer } from "../load/subject.mjs";
import { figureOf } from "../support/figures.mjs";

export const title = "Cold Ogg over HTTP";

const rounds = 5;
const seconds = 1.5;
const httpNice = 5;
const targetCpu = { line: 2, of: "ratio", bound: "at most", hard: 1.12, moonshot: 1.05 };
const targetThroughput = { line: 2, of: "ratio", bound: "at least", hard: 0.9 };

const cpusOf = (runs) => runs.map(({ cpuUs }) => cpuUs);
const ratesOf = (runs) => runs.map(({ perSecond }) => perSecond);

function figuresOf(clients, runs, loops, cores) {
  const note = clientNote(runs);
  const name = `Cold Ogg, ${clients} clients`;
  return [
    figureOf({
      id: `cold.${clients}.cpu`,
      title: `${name}: CPU per scream`,
      unit: "us",
      values: cpusOf(runs),
      reference: { title: "bare libopus loop", values: cpusOf(loops.bare) },
      target: targetCpu,
      note,
    }),
    figureOf({
      id: `cold.${clients}.throughput`,
      title: `${name}: screams per second`,
      unit: "1/s",
      values: ratesOf(runs),
      reference: { title: `${cores} bare libopus loops at once`, values: ratesOf(loops.bare) },
      target: targetThroughput,
      note,
    }),
    figureOf({
      id: `cold.${clients}.codec`,
      title: `${name}: CPU per scream beside the encoder that is linked`,
      unit: "us",
      values: cpusOf(runs),
      reference: { title: "loop of core/codec", values: cpusOf(loops.codec) },
    }),
  ];
}

export async function run(context) {
  const cores = os.availableParallelism();
  return withServer(context, {}, async (server) => {
    const cold = (connections) => () =>
      load(context, server, { ...coldTarget(), connections, keep: true, seconds });
    const loops = (which) => () =>
      opusLoops(context, which, { count: cores, seconds, nice: httpNice });
    await load(context, server, { ...coldTarget(), connections: 16, keep: true, seconds: 0.5 });
    const runs = await inTurn(rounds, {
      bare: loops("bare"),
      few: cold(16),
      many: cold(64),
      codec: loops("codec"),
    });
    return [...figuresOf(16, runs.few, runs, cores), ...figuresOf(64, runs.many, runs, cores)];
  });
}
