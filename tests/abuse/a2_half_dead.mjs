/*
 * tests/abuse/a2_half_dead.mjs - clients that say half a sentence and are gone.
 * Aim:    their descriptors and places come back at once, not when a time-out ends.
 * Method: several workers connect, send a part of a request and close in one breath; /proc counts
 *         descriptors, the gauge counts connections, and the time back to rest is taken.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { pooled } from "../e2e/support/wait.mjs";
import { hire } from "./support/crew.mjs";
import { Figures, milliseconds, percentile, seconds } from "./support/figures.mjs";
import { openFiles } from "./support/machine.mjs";
import { Ordinary } from "./support/ordinary.mjs";
import {
  metricsOf,
  placesFor,
  restOf,
  sumOf,
  timeToRest,
  withSubject,
} from "./support/subject.mjs";

const parts = [
  "GET / HT",
  "GET /scream.ogg?preset=robot HTTP/1.1\r\nHost: a\r\nX-Half: ",
  "",
  "GET /version HTTP/1.1\r\nHost: a\r\n",
  "\r\n",
];

function halfDead(port, part) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    let connected = false;
    socket.on("connect", () => {
      connected = true;
      /* The bytes and the goodbye go out together; then nobody is there to be told anything. */
      socket.end(part, () => socket.destroy());
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(connected));
    socket.setTimeout(10000, () => socket.destroy());
  });
}

/** In a worker: how many came to be connected. */
export async function attack({ port, connections }) {
  const tasks = Array.from(
    { length: connections },
    (_, i) => () => halfDead(port, parts[i % parts.length]),
  );
  const connected = await pooled(tasks, 200);
  return connected.filter(Boolean).length;
}

/* Until as few descriptors are open as before. */
async function timeToFiles(pid, before, from, timeoutMs) {
  for (;;) {
    const now = performance.now() - from;
    if (openFiles(pid) <= before) {
      return now;
    }
    if (now > timeoutMs) {
      return Infinity;
    }
    await sleep(5);
  }
}

/** Attacks and measures. */
export async function measure({ connections = 5000, workers = 4, timeoutMs = 30000 } = {}) {
  const settings = { SCREAM_MAX_CONNECTIONS: placesFor(connections + 256) };
  return withSubject({ settings }, async (server) => {
    const { pid } = server.child;
    const rest = await restOf(server);
    const files = openFiles(pid);
    const crew = await hire(import.meta.url, workers, {
      port: server.port,
      connections: Math.ceil(connections / workers),
    });
    const ordinary = new Ordinary(server.port).start();
    const begun = performance.now();
    const connected = (await crew.go()).reduce((sum, count) => sum + count, 0);
    const gone = performance.now();
    const most = openFiles(pid);
    /* Ordinary requests would keep one or two open: they pause for the count. */
    const others = await ordinary.stop();
    const stopped = performance.now();
    const filesMs = await timeToFiles(pid, files, gone, timeoutMs);
    const restMs = await timeToRest(server, rest, gone, { timeoutMs });
    return {
      connected,
      attackMs: gone - begun,
      most: most - files,
      settledMs: stopped - gone,
      filesMs,
      restMs,
      others,
      refused: sumOf(await metricsOf(server), "scream_http_connections_refused_total"),
    };
  });
}

export async function figures() {
  const lines = new Figures("A2", "half-dead: 5,000 x part of a request, then gone");
  const read = await measure();
  lines.note("connected and gone", `${read.connected} in ${seconds(read.attackMs)}`);
  lines.note("descriptors still open when the last had gone", read.most);
  lines.note("refused for want of a place", read.refused);
  lines.back("descriptors back", read.filesMs);
  lines.back("connections and places back", read.restMs);
  const bothMs = Math.max(read.filesMs, read.restMs);
  lines.speed("time until both are back", seconds(bothMs), "<= 1.0 s", bothMs <= 1000);
  lines.ordinary(read.others);
  lines.note("ordinary requests, p99", milliseconds(percentile(read.others.latencies, 0.99)));
  return lines;
}
