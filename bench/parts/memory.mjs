/*
 * bench/parts/memory.mjs - what the server keeps resident, and whether that grows.
 * Why:    memory is fixed at start; here the kernel says whether it is, and who calls the heap.
 * Method: VmRSS of /proc. A cold stream and a kept connection are told as slopes: the same server
 *         with more of them, divided by how many more. Calls of the heap are counted by the library
 *         of tests/alloc, preloaded into the release program: who calls, us or libmicrohttpd.
 * Time:   39 s
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { residentBytes } from "../../tests/abuse/support/machine.mjs";
import { hold, load } from "../load/client.mjs";
import { inTurn } from "../load/runs.mjs";
import { coldTarget, freshSeeds, scream, withServer } from "../load/subject.mjs";
import { makeFolder, removeFolder } from "../support/broken_off.mjs";
import { figureOf, median } from "../support/figures.mjs";

export const title = "Memory";

const rounds = 3;

/* The most bytes that were resident while work went on. */
async function mostResident(server, work) {
  let most = 0;
  let working = true;
  const done = work.finally(() => (working = false));
  while (working) {
    most = Math.max(most, residentBytes(server.child.pid));
    await sleep(20);
  }
  await done;
  return most;
}

const coldLoad = (context, server, connections, seconds) =>
  load(context, server, { ...coldTarget(), connections, keep: true, seconds });

const silent = (context, server, connections) =>
  hold(context, server, {
    target: "/livez",
    connections,
    requests: connections,
    keep: true,
    seconds: 10,
  });

/* 64 live cold streams, and silent connections for all other places. */
async function full(context) {
  return withServer(context, {}, async (server) => {
    const crowd = await silent(context, server, 192);
    const most = await mostResident(server, coldLoad(context, server, 64, 2));
    await crowd.leave();
    return most;
  });
}

/* What the server says at its start that it will take, by name. */
function termsOf(server) {
  const { ts, level, msg, ...terms } = server.logs().find((line) => line.msg === "memory");
  return terms;
}

async function withPlaces(context, places) {
  const settings = { SCREAM_MAX_CONNECTIONS: String(places), SCREAM_LOG_LEVEL: "info" };
  return withServer(context, { settings }, async (server) => ({
    terms: termsOf(server),
    most: await mostResident(server, coldLoad(context, server, places, 2)),
  }));
}

const streams = { few: 64, many: 320 };

async function perStream(context) {
  const few = await withPlaces(context, streams.few);
  const many = await withPlaces(context, streams.many);
  const each = (a, b) => (b - a) / (streams.many - streams.few);
  const parts = ["render_states", "pcm_states", "exchanges", "library_pools"].map(
    (name) => `${name} ${each(few.terms[name], many.terms[name]).toFixed(0)}`,
  );
  return { bytes: each(few.most, many.most), parts: parts.join(", ") };
}

async function perConnection(context) {
  const settings = { SCREAM_MAX_CONNECTIONS: "1100" };
  return withServer(context, { settings }, async (server) => {
    /* Whatever is touched once is touched now. */
    await load(context, server, { target: "/livez", connections: 8, keep: true, seconds: 0.3 });
    const before = residentBytes(server.child.pid);
    const crowd = await silent(context, server, 1000);
    const after = residentBytes(server.child.pid);
    await crowd.leave();
    return (after - before) / 1000;
  });
}

async function sizes(context) {
  const runs = await inTurn(rounds, {
    full: () => full(context),
    stream: () => perStream(context),
    connection: () => perConnection(context),
  });
  const target = (hard) => ({ line: 6, of: "value", bound: "at most", hard });
  return [
    figureOf({
      id: "memory.full",
      title: "Resident with 64 live cold streams, 256 connections, default arena",
      unit: "bytes",
      values: runs.full,
      target: target(75e6),
    }),
    figureOf({
      id: "memory.stream",
      title: "Resident per cold stream, slope from 64 to 320 streams and places",
      unit: "bytes",
      values: runs.stream.map(({ bytes }) => bytes),
      target: target(96 * 1024),
      note: `all of its place but the arena; at most, as planned at boot: ${runs.stream[0].parts}`,
    }),
    figureOf({
      id: "memory.connection",
      title: "Resident per silent kept connection, slope over 1,000",
      unit: "bytes",
      values: runs.connection,
      target: target(20000),
    }),
  ];
}

/* ---- Many requests ---- */

/* All kinds of requests; two of twelve are rendered. */
function mixture(etag) {
  const known = scream(freshSeeds(1));
  const short = (format) => scream("#", { format, query: "&duration=100ms" });
  return [
    known,
    `HEAD ${known}`,
    `${known}|Range: bytes=1000-20000`,
    short("ogg"),
    known,
    `/scream.ogg?preset=classic&seed=0|If-None-Match: ${etag}`,
    "/presets",
    "/livez",
    known,
    short("wav"),
    "/metrics",
    "/readyz",
  ];
}

async function mixed(context, server, requests) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/scream.ogg?preset=classic&seed=0`);
  const target = mixture(answer.headers.get("etag"));
  await answer.arrayBuffer();
  return load(context, server, {
    target,
    first: freshSeeds(requests),
    connections: 32,
    keep: true,
    requests,
    seconds: 60,
  });
}

async function heapCalls(context) {
  const folder = makeFolder();
  const settings = {
    LD_PRELOAD: `${context.buildFolder}/bench_interposer.so`,
    SCR_INTERPOSER_REPORT: `${folder}/books`,
  };
  const requests = 3000;
  try {
    await withServer(context, { settings }, (server) => mixed(context, server, requests));
    const books = readFileSync(`${folder}/books`, "latin1");
    const rowOf = (name) => new RegExp(`^${name} (\\d+) (\\d+)`, "m").exec(books).map(Number);
    const [[, boot, ours], [, , library]] = ["ours", "library"].map(rowOf);
    /* Books that know nobody would say "none" as well. */
    assert.ok(boot > 0 && library > 0, `the books know who calls: ${books}`);
    return { ours: ours / requests, library: library / requests };
  } finally {
    removeFolder(folder);
  }
}

/* Least squares: bytes per request. */
function slope(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, bytes]) => bytes));
  const top = points.reduce((sum, [at, bytes]) => sum + (at - x) * (bytes - y), 0);
  return top / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}

const steps = 10;
const stepRequests = 10_000;

/* One series: 100,000 requests, with a look after every tenth of them. */
async function series(context, server) {
  const points = [[0, residentBytes(server.child.pid)]];
  const runs = [];
  for (let step = 1; step <= steps; step += 1) {
    runs.push(await mixed(context, server, stepRequests));
    points.push([step * stepRequests, residentBytes(server.child.pid)]);
  }
  const grown = points.at(-1)[1] - points[0][1];
  return { slope: slope(points), grown, cpuUs: median(runs.map(({ cpuUs }) => cpuUs)) };
}

/* Series after series at one server: what goes on growing shows in the last as in the first. */
async function growth(context) {
  return withServer(context, {}, async (server) => {
    await mixed(context, server, stepRequests);
    const { all } = await inTurn(rounds, { all: () => series(context, server) });
    return all;
  });
}

async function requests(context) {
  const { heap } = await inTurn(rounds, { heap: () => heapCalls(context) });
  const grown = await growth(context);
  return [
    figureOf({
      id: "memory.calls",
      title: "Calls of the heap per request by our code",
      unit: "",
      values: heap.map(({ ours }) => ours),
      target: { line: 6, of: "value", bound: "at most", hard: 0 },
    }),
    figureOf({
      id: "memory.calls.library",
      title: "Calls of the heap per request by libmicrohttpd",
      unit: "",
      values: heap.map(({ library }) => library),
    }),
    figureOf({
      id: "memory.slope",
      title: "Growth per request over 100,000 mixed ones",
      unit: "bytes",
      values: grown.map((one) => one.slope),
      target: { line: 6, of: "value", bound: "at most", hard: 1 },
      note: `${grown.map((one) => one.grown).join(", then ")} bytes in all, series after series`,
    }),
    figureOf({
      id: "mixed.cpu",
      title: "Mixed requests, two of twelve rendered: CPU per request",
      unit: "us",
      values: grown.map(({ cpuUs }) => cpuUs),
    }),
  ];
}

export async function run(context) {
  return [...(await sizes(context)), ...(await requests(context))];
}
