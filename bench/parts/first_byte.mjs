/*
 * bench/parts/first_byte.mjs - how long it takes until the first sound is there.
 * Why:    a scream that comes late is no scream. "First audio byte" is the first byte behind the
 *         two head pages of the Ogg file; the time begins before the request is sent.
 * Method: idle: one client on a kept connection, with 10 ms of silence between an answer and the
 *         next request, in turn with GET /presets, a document that stands in memory. The same
 *         without silence, when nobody has to be woken, and with new connections at random times.
 *         Server and client have a core each: left alone, the kernel would put both on one or not,
 *         which makes a static GET take 17 or 50 us. Saturated: 64 clients in a closed loop, nobody
 *         is bound. The client has a priority above the server's, so that its own waiting for a
 *         core is not measured.
 * Time:   68 s
 */
import os from "node:os";

import { load } from "../load/client.mjs";
import { inTurn } from "../load/runs.mjs";
import { coldTarget, freshSeeds, scream, withServer } from "../load/subject.mjs";
import { figureOf } from "../support/figures.mjs";

export const title = "First audio byte";

const rounds = 5;
const staticTarget = "/presets";

/* Where the idle server and its client are. */
const hasTwo = os.availableParallelism() > 1;
const serverFront = hasTwo ? ["taskset", "-c", "0"] : [];
const clientCore = hasTwo ? 1 : 0;

const times = (runs, sample, rank) => runs.map((run) => run[sample][rank]);

function against(id, name, runs, statics, rank, target) {
  return figureOf({
    id: `first_byte.${id}.${rank}`,
    title: `${name}: ${rank}`,
    unit: "us",
    values: times(runs, "audio_us", rank),
    reference: { title: `GET ${staticTarget}`, values: times(statics, "first_us", rank) },
    target: target && { line: 3, of: "ratio", bound: "at most", ...target },
  });
}

async function idle(context, server) {
  const alone = { connections: 1, keep: true, realTime: true, core: clientCore };
  const resting = { ...alone, rest: 0.01 };
  const someTimes = { connections: 16, realTime: true, rate: 40, seconds: 1.5, core: clientCore };
  const run = (options) => () => load(context, server, options);
  const cold = (options) => () => load(context, server, { ...options, ...coldTarget() });
  const runs = await inTurn(rounds, {
    static: run({ ...resting, seconds: 2, target: staticTarget }),
    short: cold({ ...resting, seconds: 2 }),
    long: () =>
      load(context, server, {
        ...resting,
        seconds: 3,
        target: scream("#", { query: "&duration=60s" }),
        first: freshSeeds(1000),
      }),
    staticBusy: run({ ...alone, seconds: 0.5, target: staticTarget }),
    shortBusy: cold({ ...alone, seconds: 1 }),
    staticNew: run({ ...someTimes, target: staticTarget }),
    shortNew: cold(someTimes),
  });
  const name = "First audio byte, idle";
  const busy = "First audio byte, one client without a rest";
  const fresh = "First audio byte, new connections at random times, 40 a second";
  return [
    against("idle", name, runs.short, runs.static, "p50", { hard: 2 }),
    against("idle", name, runs.short, runs.static, "p99", { hard: 3 }),
    figureOf({
      id: "first_byte.idle.60s",
      title: "First audio byte, idle, of 60 s: p50",
      unit: "us",
      values: times(runs.long, "audio_us", "p50"),
      reference: { title: "of 3 s", values: times(runs.short, "audio_us", "p50") },
      target: { line: 3, of: "ratio", bound: "at most", hard: 1.2 },
    }),
    against("busy", busy, runs.shortBusy, runs.staticBusy, "p50"),
    against("busy", busy, runs.shortBusy, runs.staticBusy, "p99"),
    against("open", fresh, runs.shortNew, runs.staticNew, "p50"),
    against("open", fresh, runs.shortNew, runs.staticNew, "p99"),
  ];
}

async function saturated(context, server) {
  const { cold } = await inTurn(rounds, {
    cold: () =>
      load(context, server, {
        ...coldTarget(),
        connections: 64,
        keep: true,
        realTime: true,
        seconds: 2,
      }),
  });
  return [
    figureOf({
      id: "first_byte.64.p50",
      title: "First audio byte, 64 clients saturating: p50",
      unit: "us",
      values: times(cold, "audio_us", "p50"),
    }),
    figureOf({
      id: "first_byte.64.p99",
      title: "First audio byte, 64 clients saturating: p99",
      unit: "us",
      values: times(cold, "audio_us", "p99"),
      target: { line: 3, of: "value", bound: "at most", hard: 20000, moonshot: 5000 },
    }),
  ];
}

export async function run(context) {
  return [
    ...(await withServer(context, { front: serverFront }, (server) => idle(context, server))),
    ...(await withServer(context, {}, (server) => saturated(context, server))),
  ];
}
