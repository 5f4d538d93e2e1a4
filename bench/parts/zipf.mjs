/*
 * bench/parts/zipf.mjs - ten thousand URLs, popular ones more often: what the arena is worth.
 * Why:    the arena is the cache; it wastes bytes, for a job takes whole extents, and it evicts by
 *         an order of its own. Beside it stands a cache that wastes nothing, on the same trace.
 * Method: draws by Zipf's law (exponent 1) over 10,000 seeded URLs of 3 s, arena 128 MiB, 16
 *         clients in a closed loop; first the arena is filled, then each run goes on with the
 *         trace. Hits are those of /metrics: jobs found finished, or found being rendered. Then
 *         hits alone, 200 a second at random times, while as many cold clients as there are cores
 *         render beside them; the asking client has a priority above the server's. These runs last
 *         10 s: a thread of the kernel keeps a core for 45 ms every 5 s (bench/README.md, How to
 *         read the figures), and a run of 4 s held one such turn or none.
 * Time:   90 s
 */
import os from "node:os";

import { head } from "../../tests/e2e/support/http.mjs";
import { load } from "../load/client.mjs";
import { inTurn, percent } from "../load/runs.mjs";
import { coldTarget, freshSeeds, scream, withServer } from "../load/subject.mjs";
import { figureOf } from "../support/figures.mjs";

export const title = "Zipf over 10,000 URLs";

const rounds = 3;
const urls = 10_000;
const arenaBytes = 128 * 2 ** 20;
const warmRequests = 24_000;
const runRequests = 6_000;
const popular = 100;
const hitSeconds = 10;

async function countsOf(server) {
  const metrics = await server.metrics();
  const hits =
    metrics.sum("scream_cache_hits_total") + metrics.sum("scream_singleflight_shared_total");
  const misses = metrics.sum("scream_cache_misses_total");
  return { hits, asked: hits + misses, jobs: metrics.sum("scream_arena_jobs") };
}

/* The trace, from where it stopped. */
async function walk(context, server, trace, requests) {
  const before = await countsOf(server);
  const run = await load(context, server, {
    target: scream(),
    first: trace.first,
    zipf: urls,
    seed: 4,
    traceFrom: trace.position,
    lruBytes: arenaBytes,
    lruItemBytes: trace.fileBytes,
    connections: 16,
    keep: true,
    requests,
    seconds: 60,
  });
  const after = await countsOf(server);
  trace.position += run.asked;
  return {
    ...run,
    jobs: after.jobs,
    hitRate: (after.hits - before.hits) / (after.asked - before.asked),
    idealRate: run.ideal_hits / run.asked,
  };
}

function hitRates(runs, trace) {
  return [
    figureOf({
      id: "zipf.hits",
      title: "Zipf: hit rate once warm",
      unit: "",
      values: runs.map(({ hitRate }) => hitRate),
      reference: {
        title: "ideal LRU of the same bytes",
        values: runs.map(({ idealRate }) => idealRate),
      },
      target: { line: 8, of: "value", bound: "at least", hard: 0.8 },
    }),
    figureOf({
      id: "zipf.behind",
      title: "Zipf: hit rate behind the ideal LRU",
      unit: "points",
      values: runs.map(({ hitRate, idealRate }) => (idealRate - hitRate) * 100),
      target: { line: 8, of: "value", bound: "at most", hard: 2 },
      note: `${runs[0].jobs} jobs of ${trace.fileBytes} bytes in the arena`,
    }),
    figureOf({
      id: "zipf.lost",
      title: "Zipf: bytes of the arena that hold nothing",
      unit: "bytes",
      values: runs.map(({ jobs }) => arenaBytes - jobs * trace.fileBytes),
      note: `${percent(1 - (runs[0].jobs * trace.fileBytes) / arenaBytes)} of the arena`,
    }),
  ];
}

async function hitTimes(context, server, trace) {
  const cores = os.availableParallelism();
  const hits = () =>
    load(context, server, {
      target: scream(),
      first: trace.first,
      zipf: popular,
      seed: 5,
      connections: 64,
      keep: true,
      rate: 200,
      seconds: hitSeconds,
      realTime: true,
    });
  const beside = (connections) => async () => {
    const cold = { ...coldTarget(), connections, keep: true, seconds: hitSeconds + 0.5 };
    const [asked] = await Promise.all([hits(), load(context, server, cold)]);
    return asked;
  };
  await load(context, server, {
    target: scream(),
    first: trace.first,
    connections: 8,
    keep: true,
    requests: popular,
    seconds: 20,
  });
  const runs = await inTurn(rounds, { idle: hits, cold: beside(cores), crowd: beside(16) });
  const idle = { title: "without cold renders", values: runs.idle.map((run) => run.first_us.p99) };
  return [
    figureOf({
      id: "zipf.hit.p99",
      title: `First byte of a hit, ${cores} cold clients beside: p99`,
      unit: "us",
      values: runs.cold.map((run) => run.known_first_us.p99),
      reference: idle,
      target: { line: 8, of: "value", bound: "at most", hard: 2000 },
      note: "the time of a clock, not of a processor: whatever else ran on the cores is in it",
    }),
    figureOf({
      id: "zipf.hit.crowd.p99",
      title: "First byte of a hit, 16 cold clients beside: p99",
      unit: "us",
      values: runs.crowd.map((run) => run.known_first_us.p99),
      reference: idle,
    }),
  ];
}

export async function run(context) {
  const settings = { SCREAM_ARENA_BYTES: String(arenaBytes) };
  return withServer(context, { settings }, async (server) => {
    const trace = { first: freshSeeds(urls), position: 0 };
    const answer = await head(server.port, scream(trace.first));
    trace.fileBytes = Number(answer.headers["content-length"]);
    await walk(context, server, trace, warmRequests);
    const { runs } = await inTurn(rounds, {
      runs: () => walk(context, server, trace, runRequests),
    });
    return [...hitRates(runs, trace), ...(await hitTimes(context, server, trace))];
  });
}
