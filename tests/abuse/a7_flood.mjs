/*
 * tests/abuse/a7_flood.mjs - pipelines, smuggled requests and plain garbage without end.
 * Aim:    the server lives, its memory and its log stay flat, and of what one client sends at once
 *         only the first request is ever carried out.
 * Method: several workers open connections as fast as they are closed. What is hidden behind a
 *         first request always asks for /parameters, which nobody else does: its counter must stay
 *         at zero. A warm-up comes first, so that memory is compared after the library's first
 *         allocations. Random bytes come from a seeded generator.
 */
import net from "node:net";

import { pooled } from "../e2e/support/wait.mjs";
import { hire } from "./support/crew.mjs";
import {
  addUp,
  Figures,
  kibibytes,
  mebibytes,
  milliseconds,
  percentile,
} from "./support/figures.mjs";
import { residentBytes } from "./support/machine.mjs";
import { Ordinary } from "./support/ordinary.mjs";
import { metricsOf, restOf, sumOf, timeToRest, withSubject } from "./support/subject.mjs";

const hidden = "GET /parameters HTTP/1.1\r\nHost: a\r\n\r\n";
const first = "GET /version HTTP/1.1\r\nHost: a\r\n";

/* Each begins with something and has `hidden` behind it. */
const pipelines = [
  `${first}\r\n${hidden}`,
  `${first}\r\n${hidden.repeat(100)}`,
  `HEAD /version HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`,
  `GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`,
  `${first}Bad Name: x\r\n\r\n${hidden}`,
  `${first}: v\r\n${hidden}`,
  `${first}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
  `${first}Content-Length: 0\r\nContent-Length: 5\r\n\r\n${hidden}`,
  `${first}Content-Length : 0\r\n\r\n${hidden}`,
  `POST /version HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n` +
    `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `POST /version HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `POST /version HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `GET /version HTTP/1.0\r\n\r\n${hidden}`,
  `${first}X: a\n\n${hidden}`,
  `\r\n\r\n${first}\r\n${hidden}`,
];

const garbage = [
  Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, ...Buffer.alloc(64, 7)]),
  Buffer.alloc(2000, 0),
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from("\r\n".repeat(1000)),
  Buffer.from(`GET /${"a".repeat(20000)} HTTP/1.1\r\n\r\n`),
  Buffer.from(`${first}${"X-Y: z\r\n".repeat(2000)}\r\n`),
  Buffer.from(`${first}${"A".repeat(20000)}: z\r\n\r\n`),
  Buffer.from("GET /version?%%%00&\x01\xff HTTP/1.1\r\nHost: a\r\n\r\n", "latin1"),
  Buffer.from("GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
  Buffer.from("SSH-2.0-OpenSSH_9.2p1\r\n"),
  Buffer.from("{\"jsonrpc\":\"2.0\"}\n"),
  Buffer.from(`GET /version?${"p=1&".repeat(400)} HTTP/1.1\r\nHost: a\r\n\r\n`),
];

/* A generator of 32-bit numbers below 2^32 that every machine computes alike. */
function makeRandom(seed) {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
}

function bytesOf(i, random) {
  if (i % 2 === 0) {
    return Buffer.from(pipelines[(i / 2) % pipelines.length], "latin1");
  }
  const kind = (i >> 1) % (garbage.length + 4);
  if (kind < garbage.length) {
    return garbage[kind];
  }
  return Buffer.from(Array.from({ length: 64 + (random() >>> 22) }, () => random() >>> 24));
}

/* What became of a connection: "answered", "closed" without a word, or "left" by the client. */
function throwAt(port, bytes, number) {
  return new Promise((resolve) => {
    let outcome = "not connected";
    const socket = net.connect({ port, host: "127.0.0.1" });
    const leave = () => (number % 3 === 0 ? socket.destroy() : socket.resetAndDestroy());
    const bell = setTimeout(leave, 10000);
    socket.on("connect", () => {
      outcome = "left";
      socket.write(bytes);
      /* Who is not answered soon goes: the flood must not wait for deadlines. */
      socket.setTimeout(40, leave);
    });
    socket.on("data", () => (outcome = "answered"));
    socket.on("end", () => {
      outcome = outcome === "left" ? "closed" : outcome;
      leave();
    });
    socket.on("error", (error) => {
      outcome = outcome === "left" ? "closed" : outcome;
      outcome = outcome === "not connected" ? error.code : outcome;
    });
    socket.on("close", () => {
      clearTimeout(bell);
      resolve(outcome);
    });
  });
}

/** In a worker: { outcome: count }. */
export async function attack({ port, connections, lastMs, seed }, index) {
  const random = makeRandom(seed + index);
  const end = performance.now() + lastMs;
  const seen = {};
  const tasks = Array.from({ length: connections }, (_, i) => async () => {
    if (performance.now() < end) {
      const outcome = await throwAt(port, bytesOf(i, random), i);
      seen[outcome] = (seen[outcome] ?? 0) + 1;
    }
  });
  await pooled(tasks, 48);
  return seen;
}

/* Log bytes that are no access line, and those that are. */
function logBytes(server) {
  const lines = server.stderr.split("\n");
  const access = lines.filter((line) => line.includes('"msg":"request"'));
  const sum = (list) => list.reduce((bytes, line) => bytes + line.length + 1, 0);
  return { other: sum(lines) - sum(access), access: sum(access), lines: access.length };
}

/** Attacks and measures. */
export async function measure({
  connections = 100000,
  warmUp = 4000,
  workers = 3,
  lastMs = 40000,
  seed = Number(process.env.SCREAM_TEST_SEED || 20261120),
} = {}) {
  const settings = { SCREAM_MAX_CONNECTIONS: "512" };
  return withSubject({ settings }, async (server) => {
    const { pid } = server.child;
    const rest = await restOf(server);
    const flood = async (count, ms) => {
      const each = { port: server.port, connections: Math.ceil(count / workers), lastMs: ms, seed };
      const crew = await hire(import.meta.url, workers, each);
      return addUp(await crew.go());
    };
    await flood(warmUp, lastMs);
    await timeToRest(server, rest, performance.now());
    const before = { resident: residentBytes(pid), log: logBytes(server) };
    const ordinary = new Ordinary(server.port).start();
    const begun = performance.now();
    const outcomes = await flood(connections, lastMs);
    const attackMs = performance.now() - begun;
    const others = await ordinary.stop();
    const backMs = await timeToRest(server, rest, performance.now());
    const log = logBytes(server);
    const metrics = await metricsOf(server);
    return {
      outcomes,
      attackMs,
      others,
      backMs,
      seed,
      grown: residentBytes(pid) - before.resident,
      log: log.other - before.log.other,
      access: log.access - before.log.access,
      accessLines: log.lines - before.log.lines,
      seconds: metrics.sum("http_requests_total", { route: "/parameters" }),
      firsts: metrics.sum("http_requests_total", { route: "/version" }),
      dropped: sumOf(metrics, "scream_log_lines_dropped_total"),
    };
  });
}

export async function figures() {
  const lines = new Figures("A7", "pipelining, smuggling and garbage: 100,000 connections or 40 s");
  const read = await measure();
  const total = Object.values(read.outcomes).reduce((sum, count) => sum + count, 0);
  const refused = Object.keys(read.outcomes).filter((name) => /^(E|not)/.test(name));
  const perSecond = Math.round((1000 * total) / read.attackMs);
  lines.note("connections", `${total}, ${perSecond} a second, seed ${read.seed}`);
  const fates = Object.entries(read.outcomes).map(([name, count]) => `${name} ${count}`);
  lines.note("what became of them", fates.join(", "));
  const taken = refused.join(" ") || "yes";
  lines.hard("alive, every connection taken", taken, "yes", refused.length === 0);
  lines.hard(
    "second requests carried out",
    `${read.seconds} (${read.firsts} first ones)`,
    "0",
    read.seconds === 0 && read.firsts > 0,
  );
  lines.hard("resident memory grew by", mebibytes(read.grown), "<= 4 MiB", read.grown <= 4 << 20);
  const isFlat = read.log <= 102400;
  lines.hard("log grew by, access lines apart", kibibytes(read.log), "<= 100 KiB", isFlat);
  const each = read.accessLines > 0 ? Math.round(read.access / read.accessLines) : 0;
  const access = `${read.accessLines} x ${each} B, ${read.dropped} dropped`;
  lines.note("access lines (refusals: 50 a second at most)", access);
  lines.ordinary(read.others);
  lines.note("ordinary requests, p99", milliseconds(percentile(read.others.latencies, 0.99)));
  lines.back("places given back", read.backMs);
  return lines;
}
