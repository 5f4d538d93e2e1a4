/*
 * tests/abuse/l2_signals.mjs - storms of signals, five seconds of standstill, impatient stops.
 * Aim:    SIGHUP and SIGPIPE by the thousand do nothing; who was stopped and goes on again finds
 *         none of its clients late; a second SIGTERM ends it at once.
 * Method: streams run meanwhile and are compared byte for byte.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { RawClient } from "../e2e/support/raw.mjs";
import { waitFor } from "../e2e/support/wait.mjs";
import { Figures, seconds, share } from "./support/figures.mjs";
import { generatedHashes, hashOf, listen } from "./support/listener.mjs";
import { metricsOf, sumOf, withSubject } from "./support/subject.mjs";

const targets = [
  "/scream.wav?preset=robot&seed=1&duration=20",
  "/scream.ogg?preset=robot&seed=2&duration=60&bitrate=256000",
];
const rates = [1400000, 700000];

/* Streams of some three seconds each; how many came whole. */
async function streamsDuring(server, hashes, count, disturb) {
  let begun = 0;
  const listening = Array.from({ length: count }, (_, i) =>
    listen(server.port, targets[i % 2], { rate: rates[i % 2], begun: () => (begun += 1) }),
  );
  await waitFor(() => begun === count, "the streams");
  await disturb();
  const heard = await Promise.all(listening);
  return heard.filter(({ body }, i) => body && hashOf(body) === hashes[targets[i % 2]]).length;
}

async function storm(server, signal, count) {
  for (let i = 0; i < count && !server.exited; i += 1) {
    server.kill(signal);
    if (i % 50 === 49) {
      await sleep(1);
    }
  }
}

/** Storms and a standstill on one server: { exact, count, kept, cut }. */
export async function disturb({ signals = 1000, streams = 16, stillMs = 5000 } = {}) {
  const hashes = await generatedHashes(targets);
  return withSubject({}, async (server) => {
    const stormed = await streamsDuring(server, hashes, streams, async () => {
      await storm(server, "SIGHUP", signals);
      await storm(server, "SIGPIPE", signals);
    });
    const kept = await RawClient.connect(server.port);
    await kept.body(await kept.get("/version").head());
    const halfway = await RawClient.connect(server.port);
    halfway.send("GET /version HTTP/1.1\r\n");
    const stilled = await streamsDuring(server, hashes, streams, async () => {
      server.kill("SIGSTOP");
      await sleep(stillMs);
      server.kill("SIGCONT");
    });
    const statuses = [];
    for (const [client, rest] of [
      [kept, "GET /version HTTP/1.1\r\nHost: a\r\n\r\n"],
      [halfway, "Host: a\r\n\r\n"],
    ]) {
      const head = client.send(rest).head();
      statuses.push(await head.then(({ status }) => status, String));
      client.close();
    }
    const cut = sumOf(await metricsOf(server), "scream_http_connections_cut_total");
    return { stormed, stilled, streams, statuses, cut };
  });
}

/** Two SIGTERM in the middle of streams, or one SIGINT without any: { code, signal, exitMs }. */
export async function end(signals, { streams = 0 } = {}) {
  const settings = { SCREAM_DRAIN_TIMEOUT: "600s" };
  return withSubject({ settings }, async (server) => {
    let begun = 0;
    const listening = Array.from({ length: streams }, () =>
      listen(server.port, targets[0], { rate: 100000, begun: () => (begun += 1) }),
    );
    await waitFor(() => begun === streams, "the streams");
    for (const signal of signals.slice(0, -1)) {
      server.kill(signal);
      await waitFor(() => server.stderr.includes('"msg":"stopping"'), "the first signal");
      await sleep(200);
    }
    const begunMs = performance.now();
    server.kill(signals.at(-1));
    await waitFor(() => server.exited, "the exit", 60000);
    const exitMs = performance.now() - begunMs;
    await Promise.all(listening);
    return { code: server.code, signal: server.signal, exitMs };
  });
}

export async function figures() {
  const lines = new Figures("L2", "signals: SIGHUP and SIGPIPE x 1,000, SIGSTOP 5 s, two SIGTERM");
  const read = await disturb();
  const { stormed, stilled, streams, statuses, cut } = read;
  const whole = (name, count) => lines.hard(name, share(count, streams), "all", count === streams);
  whole("streams whole, during the storms", stormed);
  whole("streams whole, over 5 s of standstill", stilled);
  lines.hard(
    "kept and half-asked connections after it",
    statuses.join(", "),
    "200, 200",
    statuses.every((status) => status === 200),
  );
  lines.hard("cut off by the watchdog", cut, "0", cut === 0);
  const ends = (name, one) => {
    lines.hard(`${name}: exit code`, one.code ?? one.signal, "0", one.code === 0);
    lines.speed("  how soon", seconds(one.exitMs), "<= 1.0 s", one.exitMs <= 1000);
  };
  ends("second SIGTERM in 16 streams", await end(["SIGTERM", "SIGTERM"], { streams: 16 }));
  ends("SIGINT without streams", await end(["SIGINT"]));
  return lines;
}
