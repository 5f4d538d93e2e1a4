/*
 * tests/abuse/a4_aborts.mjs - listeners who leave in the middle of a stream.
 * Aim:    the places they held are free at once, and not one is lost for ever.
 * Method: rounds of as many streams as there is room for; all are waited for until sound comes,
 *         then all leave at the same moment: with a goodbye (close), a reset, or with the sending
 *         half closed first and the rest a second later. The gauges tell when all is as before.
 *         A job nobody reads keeps its render state for 2 s, for browsers that come back; that is
 *         measured apart.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { within } from "../e2e/support/wait.mjs";
import { Figures, largest, milliseconds, percentile, seconds, share } from "./support/figures.mjs";
import { openFiles } from "./support/machine.mjs";
import { busyPlaces, metricsOf, restOf, timeToRest, withSubject } from "./support/subject.mjs";

/* The end of each is far beyond the buffers of the network. */
function targetOf(i) {
  return i % 2 === 0
    ? `/scream.wav?preset=robot&seed=${i}&duration=60`
    : `/scream.ogg?preset=robot&seed=${i % 8}&duration=60&bitrate=256000`;
}

function listen(port, i) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    let received = 0;
    let status = "";
    socket.write(`GET ${targetOf(i)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    socket.on("data", (piece) => {
      status ||= piece.toString("latin1", 9, 12);
      received += piece.length;
      if (received >= 20000) {
        socket.pause();
        socket.removeAllListeners("data");
        resolve({ socket, status });
      }
    });
    socket.on("error", reject);
    socket.on("end", () => reject(new Error(`a stream ended after ${received} bytes: ${status}`)));
  });
}

const ways = {
  close: (socket) => socket.destroy(),
  reset: (socket) => socket.resetAndDestroy(),
  "half-close": (socket) => socket.end(),
};
/* What a connection itself holds; render states come back 2 s later. */
const places = ["connections", "requests", "readers", "pcm"];

async function round(server, rest, way, streams) {
  const opened = await within(
    Promise.all(Array.from({ length: streams }, (_, i) => listen(server.port, i))),
    "streams",
  );
  opened.forEach(({ socket }) => socket.removeAllListeners().on("error", () => {}));
  const busy = busyPlaces(await metricsOf(server), rest);
  const left = performance.now();
  opened.forEach(({ socket }) => ways[way](socket));
  let from = left;
  if (way === "half-close") {
    /* A client may close its half and still read on; only then is it gone. */
    await sleep(1000);
    from = performance.now();
    opened.forEach(({ socket }) => socket.destroy());
  }
  const freeMs = await timeToRest(server, rest, from, { names: places });
  const rendersMs = await timeToRest(server, rest, from);
  return { way, streams, busy, freeMs, rendersMs };
}

/* Descriptors beyond those of before. The last question's own may be there for a moment still:
 * the client has its answer before the server closes. */
async function filesBeyond(pid, before) {
  for (let i = 0; i < 200 && openFiles(pid) > before; i += 1) {
    await sleep(10);
  }
  return openFiles(pid) - before;
}

/** Attacks and measures: rounds of `streams` for each way to leave. */
export async function measure({ streams = 84, rounds = 4 } = {}) {
  const settings = { SCREAM_MAX_CONNECTIONS: "256" };
  return withSubject({ settings }, async (server) => {
    const { pid } = server.child;
    const rest = await restOf(server);
    const files = openFiles(pid);
    const done = [];
    for (let i = 0; i < rounds; i += 1) {
      for (const way of Object.keys(ways)) {
        done.push(await round(server, rest, way, streams));
      }
    }
    const leaked = busyPlaces(await metricsOf(server), rest);
    return { done, leaked, files: await filesBeyond(pid, files) };
  });
}

export async function figures() {
  const lines = new Figures("A4", "1,000 aborts in mid-stream: close, reset, half-close");
  const { done, leaked, files } = await measure();
  const aborted = done.reduce((sum, { streams }) => sum + streams, 0);
  const freed = done.filter(({ freeMs }) => Number.isFinite(freeMs));
  lines.note("streams aborted", aborted);
  lines.hard(
    "rounds after which all places came back",
    share(freed.length, done.length),
    "all",
    freed.length === done.length,
  );
  for (const way of Object.keys(ways)) {
    const times = done.filter((one) => one.way === way).map(({ freeMs }) => freeMs);
    const name = `  ${way}: places free after, worst (median)`;
    const text = `${milliseconds(largest(times))} (${milliseconds(percentile(times, 0.5))})`;
    lines.speed(name, text, "<= 250 ms", largest(times) <= 250);
  }
  const rendersMs = largest(done.map((one) => one.rendersMs));
  lines.note("render states free after, worst", seconds(rendersMs));
  lines.hard("places lost", leaked.join(" ") || "0", "0", leaked.length === 0);
  lines.hard("descriptors lost", Math.max(0, files), "0", files <= 0);
  return lines;
}
