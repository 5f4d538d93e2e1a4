/*
 * bench/parts/listeners.mjs - a thousand people who listen, each to a sound of their own.
 * Why:    speed is for this: everybody hears without a gap, and the machine has room to spare.
 * Method: 1,000 clients on kept connections ask for a new scream of 3 s every 3 s and read it as
 *         fast as it plays, 100 ms after they asked; whoever lacks bytes at one of the looks, ten
 *         times a second, has starved. CPU time of the server while all of them are there, per
 *         sound: what it did not deliver does not make it look idle. The client has a priority
 *         above the server's: a look that is late would flatter it.
 * Time:   39 s
 */
import os from "node:os";

import { head } from "../../tests/e2e/support/http.mjs";
import { load } from "../load/client.mjs";
import { inTurn, percent } from "../load/runs.mjs";
import { coldTarget, freshSeeds, scream, withServer } from "../load/subject.mjs";
import { figureOf, median } from "../support/figures.mjs";

export const title = "Listeners at real-time speed";

const rounds = 3;
const listeners = 1000;
const playS = 3;
const settings = { SCREAM_ARENA_BYTES: "64MiB", SCREAM_MAX_CONNECTIONS: "1100" };

export async function run(context) {
  return withServer(context, { settings }, async (server) => {
    const answer = await head(server.port, scream(freshSeeds(1)));
    const { runs } = await inTurn(rounds, {
      runs: () =>
        load(context, server, {
          ...coldTarget(),
          connections: listeners,
          keep: true,
          realTime: true,
          play: playS,
          playBytes: answer.headers["content-length"],
          seconds: 9,
          mayFail: true,
        }),
    });
    const cores = os.availableParallelism();
    /* All of them ask every 3 s. */
    const share = (us, run) => ((us / run.measured_answers) * (listeners / playS)) / (cores * 1e6);
    const client = median(runs.map((run) => share(run.client_cpu_us, run)));
    const note = `${runs[0].asked} screams a run; the client took ${percent(client)} besides`;
    return [
      figureOf({
        id: "listeners.starved",
        title: "1,000 listeners: sounds that starved after the first 100 ms",
        unit: "",
        values: runs.map(({ starved, failed }) => starved + failed),
        target: { line: 7, of: "value", bound: "at most", hard: 0 },
        note,
      }),
      figureOf({
        id: "listeners.cpu",
        title: `1,000 listeners: share of the time of ${cores} cores`,
        unit: "",
        values: runs.map((run) => share(run.server_cpu_us, run)),
        target: { line: 7, of: "value", bound: "at most", hard: 0.65, moonshot: 0.5 },
        note,
      }),
      figureOf({
        id: "listeners.audio.p99",
        title: "1,000 listeners: first audio byte, p99",
        unit: "us",
        values: runs.map((run) => run.audio_us.p99),
      }),
    ];
  });
}
