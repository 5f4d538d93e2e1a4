/*
 * tests/abuse/a3_slow_readers.mjs - listeners who ask for much and take nothing.
 * Aim:    they are cut off, what the kernel keeps for them meanwhile is small, and their places
 *         are free; who takes a stream as fast as it plays is never mistaken for one of them.
 * Method: zero-window readers (never read) and crawling ones (256 bytes a second) of Ogg and WAV.
 *         `ss` tells the kernel memory of the server's ends only. A reader whose window is shut
 *         cannot see that it was cut off, so the server's gauges and sockets tell. Honest listeners
 *         read at the rate the sound plays, and the rest quickly at the end: it must be whole.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { waitFor, within } from "../e2e/support/wait.mjs";
import { Figures, kibibytes, largest, mebibytes, seconds } from "./support/figures.mjs";
import { generatedHash, hashOf, readAnswer } from "./support/listener.mjs";
import { serverSockets, tcpStatistics } from "./support/machine.mjs";
import {
  busyPlaces,
  cutsOf,
  metricsOf,
  restOf,
  sumOf,
  timeToRest,
  withSubject,
} from "./support/subject.mjs";

const crawlBytes = 256;

/** A socket that takes `bytes` of what has come every `everyMs`, and nothing else. */
class Sipper {
  constructor(port, target, { bytes, everyMs }) {
    Object.assign(this, { ended: false, pieces: [], flowing: false });
    const onread = {
      buffer: Buffer.alloc(Math.max(bytes, 1)),
      callback: (count, buffer) => {
        this.pieces.push(Buffer.from(buffer.subarray(0, count)));
        return this.flowing;
      },
    };
    this.socket = net.connect({ port, host: "127.0.0.1", ...(bytes > 0 ? { onread } : {}) });
    if (bytes > 0) {
      this.timer = setInterval(() => this.socket.resume(), everyMs);
    } else {
      this.socket.pause();
    }
    this.socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    this.over = new Promise((resolve) => {
      for (const event of ["end", "error", "close"]) {
        this.socket.on(event, (error) => {
          this.ended ||= error?.code ?? event;
          clearInterval(this.timer);
          resolve();
        });
      }
    });
  }

  get taken() {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** Takes the rest as fast as it comes; gives the answer. */
  async finish() {
    this.flowing = true;
    this.socket.resume();
    await within(this.over, "the rest of a stream");
    return readAnswer(Buffer.concat(this.pieces));
  }

  close() {
    clearInterval(this.timer);
    this.socket.destroy();
  }
}

function targetOf(i, seconds) {
  return i % 2 === 0
    ? `/scream.wav?preset=robot&seed=${i}&duration=${seconds}`
    : `/scream.ogg?preset=robot&seed=${i % 16}&duration=${seconds}&bitrate=256000`;
}

/* Bytes per second, taken in eight sips. */
const honest = [
  { name: "Ogg, 96 kbit/s", target: "/scream.ogg?preset=robot&seed=5&duration=60", rate: 12500 },
  { name: "WAV", target: "/scream.wav?preset=robot&seed=5&duration=60", rate: 192000 },
];
/* A receive window that was shut opens in steps of some 88 KiB: below some 72 kbit/s a listener in
 * real time moves nothing for 10 s, and is not to be taken for a slow one. They have a server of
 * their own, so that they are not counted among the attackers. */
const thin = [64, 16].map((kilobits) => ({
  name: `Ogg, ${kilobits} kbit/s`,
  target: `/scream.ogg?preset=robot&seed=5&duration=300&bitrate=${kilobits}000`,
  rate: kilobits * 130,
}));
const settings = { SCREAM_MAX_CONNECTIONS: "256", SCREAM_MAX_DURATION: "300s" };

/* Watches the server's ends until the slow ones have lost their places. */
async function watch(server, rest, spare, begun, timeoutMs) {
  let worst = 0;
  let total = 0;
  let pages = 0;
  let cutMs = null;
  const before = tcpStatistics().mem;
  while (performance.now() - begun < timeoutMs) {
    const sockets = serverSockets(server.port);
    const bytes = sockets?.map((socket) => socket.bytes) ?? [];
    worst = Math.max(worst, largest(bytes));
    total = Math.max(total, bytes.reduce((sum, one) => sum + one, 0));
    pages = Math.max(pages, tcpStatistics().mem - before);
    const metrics = await metricsOf(server);
    const now = performance.now() - begun;
    if (cutMs === null && sumOf(metrics, "scream_http_connections_cut_total") >= spare.slow) {
      cutMs = now;
    }
    if (metrics.sum("scream_http_connections") - rest.connections <= spare.honest) {
      return { worst, total, pages, cutMs: cutMs ?? now, freeMs: now, known: sockets !== null };
    }
    await sleep(50);
  }
  return { worst, total, pages, cutMs: cutMs ?? Infinity, freeMs: Infinity, known: true };
}

/* Until the kernel has let go of the server's ends, too. */
async function timeToForget(port, from, count, timeoutMs) {
  for (;;) {
    const now = performance.now() - from;
    const left = serverSockets(port)?.filter(({ state }) => state !== "TIME-WAIT").length ?? 0;
    if (left <= count) {
      return now;
    }
    if (now > timeoutMs) {
      return Infinity;
    }
    await sleep(200);
  }
}

function begin(port, { target, rate }) {
  return new Sipper(port, target, { bytes: Math.ceil(rate / 8), everyMs: 125 });
}

async function finish(sipper, { name, target }) {
  const { taken } = sipper;
  const answer = await sipper.finish();
  const whole = Boolean(answer?.body) && hashOf(answer.body) === (await generatedHash(target));
  sipper.close();
  return { name, taken, whole, ended: sipper.ended };
}

async function listenAlone(listenMs) {
  if (listenMs === 0) {
    return [];
  }
  return withSubject({ settings, admin: false }, async (server) => {
    const sippers = thin.map((one) => begin(server.port, one));
    await sleep(listenMs);
    return Promise.all(sippers.map((sipper, i) => finish(sipper, thin[i])));
  });
}

async function attack({ readers, length, listenMs, heardBy }) {
  return withSubject({ settings }, async (server) => {
    const rest = await restOf(server);
    const listeners = heardBy.map((one) => begin(server.port, one));
    const slow = Array.from({ length: readers }, (_, i) =>
      new Sipper(server.port, targetOf(i, length), {
        bytes: i % 4 < 2 ? 0 : crawlBytes,
        everyMs: 1000,
      }),
    );
    const spare = { slow: readers, honest: listeners.length };
    const all = rest.connections + spare.slow + spare.honest;
    const isFull = async () => (await metricsOf(server)).sum("scream_http_connections") >= all;
    await waitFor(isFull, "all readers");
    const begun = performance.now();
    const read = await watch(server, rest, spare, begun, 60000);
    const forgetMs = await timeToForget(server.port, begun, listeners.length + 1, 60000);
    await sleep(Math.max(0, listenMs - (performance.now() - begun)));
    slow.forEach((sipper) => sipper.close());
    const heard = await Promise.all(listeners.map((sipper, i) => finish(sipper, heardBy[i])));
    const backMs = await timeToRest(server, rest, performance.now());
    const metrics = await metricsOf(server);
    return {
      ...read,
      forgetMs,
      heard,
      backMs,
      busy: busyPlaces(metrics, rest),
      cut: cutsOf(metrics),
    };
  });
}

/**
 * Attacks and measures.
 * in      listenMs  how long the honest ones listen in time; 0: only WAV is listened to, for it
 *                   is far from any limit, however busy the machine is. The kernel would give
 *                   up listeners whose window was shut once after 20 to 45 s
 */
export async function measure({ readers = 128, length = 60, listenMs = 45000 } = {}) {
  const heardBy = listenMs > 0 ? honest : honest.filter(({ name }) => name === "WAV");
  const [read, alone] = await Promise.all([
    attack({ readers, length, listenMs, heardBy }),
    listenAlone(listenMs),
  ]);
  return { ...read, alone };
}

export async function figures() {
  const lines = new Figures("A3", "128 slow and zero-window readers of a minute, Ogg and WAV");
  const read = await measure();
  lines.back("all cut off", read.cutMs);
  const inTime = read.cutMs <= 15000;
  lines.speed("time until the last was cut off", seconds(read.cutMs), "<= 15 s", inTime);
  const afterMs = read.freeMs - read.cutMs;
  lines.speed("places free after that", seconds(afterMs), "<= 0.5 s", afterMs <= 500);
  if (read.known) {
    lines.hard(
      "kernel memory of one connection, most",
      kibibytes(read.worst),
      "<= 256 KiB",
      read.worst <= 262144,
    );
    lines.note("kernel memory of all of them, most", mebibytes(read.total));
  } else {
    lines.note("kernel memory", "not measured: there is no ss (iproute2) here");
  }
  lines.note("both ends of all, by /proc/net/sockstat", mebibytes(read.pages * 4096));
  lines.note("the kernel has forgotten them after", seconds(read.forgetMs));
  const textOf = ({ whole, ended, taken }) => (whole ? "whole" : `${ended}, ${taken} B in time`);
  for (const one of [...read.heard, ...read.alone]) {
    lines.hard(`listener in real time, ${one.name}`, textOf(one), "whole", one.whole);
  }
  lines.back("places given back at the end", read.backMs);
  lines.note("cut off, by reason", read.cut);
  return lines;
}
