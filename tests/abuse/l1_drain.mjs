/*
 * tests/abuse/l1_drain.mjs - SIGTERM in the middle of 100 streams, with new people still coming.
 * Aim:    every stream ends whole; nobody is turned away at the door before /readyz has said 503;
 *         the exit code is 0, soon after the last stream.
 * Method: listeners of some three seconds, begun just before the signal; a new connection every
 *         25 ms asks for sound, another for readiness; the order of what they saw is compared.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { get } from "../e2e/support/http.mjs";
import { waitFor } from "../e2e/support/wait.mjs";
import { Figures, seconds, share, tally } from "./support/figures.mjs";
import { generatedHashes, hashOf, listen } from "./support/listener.mjs";
import { withSubject } from "./support/subject.mjs";

const targets = Array.from({ length: 10 }, (_, i) =>
  i % 2 === 0
    ? `/scream.wav?preset=robot&seed=${i}&duration=15`
    : `/scream.ogg?preset=robot&seed=${i}&duration=60&bitrate=256000`,
);
const rates = { wav: 900000, ogg: 600000 };
const late = "/scream.wav?preset=glitch&seed=1&duration=1";

/* Asks every 25 ms until the door is shut; when each was asked and what came. */
async function knock(port, path, state) {
  const knocks = [];
  while (!state.over) {
    const at = performance.now();
    const answer =
      path === late
        ? listen(port, path)
        : get(port, path).then(
            ({ status }) => ({ outcome: "whole", status }),
            (error) => ({ outcome: error.code, status: 0 }),
          );
    knocks.push(answer.then((read) => ({ at, end: performance.now(), ...read })));
    await sleep(25);
  }
  return Promise.all(knocks);
}

/** Measures one drain. */
export async function measure({ streams = 100, delay = "2s" } = {}) {
  const hashes = await generatedHashes([...targets, late]);
  const settings = {
    SCREAM_DRAIN_DELAY: delay,
    SCREAM_DRAIN_TIMEOUT: "30s",
    SCREAM_MAX_CONNECTIONS: "512",
  };
  /* Without an admin listener, so that readiness is asked at the same door. */
  return withSubject({ settings, admin: false }, async (server) => {
    const state = { over: false };
    let begun = 0;
    const listening = Array.from({ length: streams }, (_, i) => {
      const target = targets[i % targets.length];
      const rate = rates[target.slice(8, 11)];
      const stream = listen(server.port, target, { rate, begun: () => (begun += 1) });
      return stream.then((read) => ({ target, end: performance.now(), ...read }));
    });
    await waitFor(() => begun === streams, "the streams");
    const readiness = knock(server.port, "/readyz", state);
    const newcomers = knock(server.port, late, state);
    await sleep(200);
    const signalled = performance.now();
    server.kill("SIGTERM");
    const heard = await Promise.all(listening);
    const lastEnd = heard.reduce((latest, { end }) => Math.max(latest, end), signalled);
    await waitFor(() => server.exited, "the exit", 60000);
    const exited = performance.now();
    state.over = true;
    return {
      heard,
      exact: heard.filter(({ body, target }) => body && hashOf(body) === hashes[target]).length,
      readiness: await readiness,
      newcomers: (await newcomers).map((read) => ({
        ...read,
        exact: Boolean(read.body) && hashOf(read.body) === hashes[late],
      })),
      lastMs: lastEnd - signalled,
      exitMs: exited - signalled,
      code: server.code,
      signal: server.signal,
      drained: server.logs().find(({ msg }) => msg === "drained"),
    };
  });
}

/** When the first 503 of /readyz had come, and when the first one found the door shut. */
export function orderOf({ readiness, newcomers }) {
  const notReady = readiness.filter(({ status }) => status === 503).map(({ end }) => end);
  const shut = [...readiness, ...newcomers]
    .filter(({ outcome }) => outcome !== "whole")
    .map(({ end }) => end);
  return { notReady: Math.min(...notReady), shut: Math.min(...shut) };
}

export async function figures() {
  const lines = new Figures("L1", "SIGTERM: 100 streams of three seconds, new ones coming");
  const read = await measure();
  lines.hard(
    "streams whole, byte for byte",
    share(read.exact, read.heard.length),
    "all",
    read.exact === read.heard.length,
  );
  const served = read.newcomers.filter(({ outcome }) => outcome === "whole").length;
  const wrong = read.newcomers.filter(
    ({ outcome, exact }) => outcome !== "ECONNREFUSED" && !(outcome === "whole" && exact),
  );
  const both = `${served} and ${read.newcomers.length - served}`;
  const allWell = wrong.length === 0;
  lines.hard("newcomers served whole, or refused at the door", both, "no other", allWell);
  if (!allWell) {
    lines.note("  others", tally(wrong.map(({ outcome, status }) => `${status} ${outcome}`)));
  }
  const { notReady, shut } = orderOf(read);
  const aheadMs = shut - notReady;
  lines.hard("/readyz 503 before the door was shut", seconds(aheadMs), "yes", aheadMs > 0);
  const cutOff = read.drained?.cut_off ?? "not told";
  lines.hard("cut off, by its own count", cutOff, "0", cutOff === 0);
  lines.hard("exit code", read.code ?? read.signal, "0", read.code === 0);
  lines.note("last stream ended after the signal by", seconds(read.lastMs));
  const over = read.exitMs - Math.max(read.lastMs, 2000);
  lines.speed("exit after last stream and delay", seconds(over), "<= 1.0 s", over <= 1000);
  return lines;
}
