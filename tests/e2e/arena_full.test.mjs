/*
 * tests/e2e/arena_full.test.mjs - all memory for screams is wanted by somebody.
 * Aim:    one more new scream is answered 503 with Retry-After; running streams end byte-exact;
 *         memory does not grow; readers that hang up give their place back; what could never fit
 *         is an error of the request.
 * Method: a server with a small arena (2,048 extents); stalled readers on raw sockets hold it;
 *         gauges tell the state, and every wait is ten times what is promised.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { head, problemOf } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import { useServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";
import { waitFor } from "./support/wait.mjs";

const settings = { SCREAM_ARENA_BYTES: "2MiB" };

/* Streams that need all extents but four. None fits in the network's buffers. */
const streams = [
  ["--preset", "classic", "--seed", "1", "--duration", "60", "--bitrate", "96000"],
  ["--preset", "robot", "--seed", "2", "--duration", "60", "--bitrate", "96000"],
  ["--preset", "banshee", "--seed", "3", "--duration", "51", "--bitrate", "96000"],
];

function pathOf(args) {
  const query = new URLSearchParams();
  for (let i = 0; i < args.length; i += 2) {
    query.set(args[i].slice(2), args[i + 1]);
  }
  return `/scream.ogg?${query}`;
}

/* Opens streams and reads no more than their heads and first chunks. */
async function open(server, list) {
  const readers = [];
  for (const args of list) {
    const client = await RawClient.connect(server.port);
    const head = await client.get(pathOf(args)).head();
    assert.equal(head.status, 200);
    readers.push({ args, client, head, start: await client.chunk() });
  }
  return readers;
}

/* All streams, which take all the arena. */
async function hold(server) {
  const readers = await open(server, streams);
  const metrics = await server.metrics();
  const left =
    metrics.sum("scream_arena_extents") - metrics.sum("scream_arena_extents_wanted");
  assert.ok(left < 8, `${left} extents are not wanted`);
  return readers;
}

/* All are read at once, for who does not read for 10 s is cut off; then they are compared. */
async function endWhole(readers) {
  const bodies = await Promise.all(
    readers.map(async ({ client, head, start }) =>
      Buffer.concat([start, await client.body(head)]),
    ),
  );
  for (const [i, { args, client }] of readers.entries()) {
    client.close();
    const file = await scream(["generate", "-o", "-", ...args]);
    assert.equal(file.code, 0, file.stderr);
    assert.ok(bodies[i].equals(file.stdout), pathOf(args));
  }
}

function assertRefused(answer) {
  assert.equal(answer.status, 503);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.match(answer.headers["retry-after"], /^[1-9][0-9]*$/);
  assert.equal(answer.headers["cache-control"], "no-store");
  const problem = problemOf(answer);
  assert.equal(problem.type, "/problems/arena-full");
  assert.equal(problem.status, 503);
  assert.ok(problem.title && problem.instance && problem.requestId);
}

test("one more new scream gets 503; running streams end byte-exact; memory stays", async (t) => {
  const server = await useServer(t, { settings });
  const before = await server.metrics();
  const readers = await hold(server);
  for (let i = 0; i < 200; i += 1) {
    assertRefused(await server.get(`/scream.ogg?preset=glitch&seed=${i}`));
  }
  assertRefused(await server.get("/scream.ogg"));
  assertRefused(
    await server.get("/scream.ogg?preset=glitch&seed=9", { headers: { Range: "bytes=5-9" } }),
  );

  /* What needs no place is still served: HEAD, WAV, what is being rendered already. */
  const shared = await server.get(pathOf(streams[1]), { headers: { Range: "bytes=0-999" } });
  assert.equal(shared.status, 206);
  assert.equal((await server.get("/scream.wav?preset=glitch&seed=1")).status, 200);
  assert.equal((await server.get("/readyz")).status, 200);

  const full = await server.metrics();
  assert.equal(full.sum("scream_arena_full_total"), 202);
  assert.equal(full.sum("scream_arena_evicted_total"), 0);
  const total = (metrics) => metrics.sum("scream_arena_extents");
  assert.equal(total(full), total(before));
  const grown =
    full.sum("process_resident_memory_bytes") - before.sum("process_resident_memory_bytes");
  assert.ok(grown < 8 << 20, `resident memory grew by ${grown} bytes, the arena included`);

  await endWhole(readers);
  const after = await server.get("/scream.ogg?preset=glitch&seed=0");
  assert.equal(after.status, 200, "finished jobs make room at once");
  assert.ok((await server.metrics()).sum("scream_arena_evicted_total") > 0);
});

for (const way of ["close", "reset"]) {
  test(`readers that hang up (${way}) give their place back`, async (t) => {
    const server = await useServer(t, { settings });
    const readers = await hold(server);
    assertRefused(await server.get("/scream.ogg?preset=glitch&seed=1"));
    for (const { client } of readers) {
      client[way]();
    }
    /* Promised are 2 s: their jobs stay that long for browsers that come back. */
    await server.metricsWhen(
      (metrics) =>
        metrics.sum("scream_arena_readers") === 0 &&
        metrics.sum("scream_arena_extents_wanted") === 0,
      "a free arena",
      20000,
    );
    const answer = await server.get("/scream.ogg?preset=glitch&seed=1");
    assert.equal(answer.status, 200);
  });
}

test("a scream that nobody wants any more is dropped unfinished", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_MAX_DURATION: "300s" } });
  const client = await RawClient.connect(server.port);
  await client.get("/scream.ogg?preset=robot&seed=3&duration=300&bitrate=256000").head();
  await client.chunk();
  client.reset();
  const metrics = await server.metricsWhen(
    (read) =>
      read.sum("scream_arena_jobs_unfinished") === 0 && read.sum("scream_arena_readers") === 0,
    "no unfinished job",
  );
  assert.equal(metrics.sum("scream_render_states_used"), 0);
  const ended = metrics.sum("scream_renders_total", { preset: "robot" });
  assert.equal(ended, 1, "dropped, or finished if the machine was faster than the hang-up");
});

test("who comes back within the time finds the same job", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_MAX_DURATION: "300s" } });
  const path = "/scream.ogg?preset=robot&seed=4&duration=200&bitrate=256000";
  const client = await RawClient.connect(server.port);
  await client.get(path).head();
  await client.chunk();
  client.reset();
  const back = await server.get(path, { headers: { Range: "bytes=0-99" } });
  assert.equal(back.status, 206);
  const metrics = await server.metrics();
  assert.equal(metrics.sum("scream_cache_misses_total"), 1, "admitted once");
});

test("a stalled listener's job is finished for it, and stays whole", async (t) => {
  const server = await useServer(t, { settings });
  const readers = await open(server, streams.slice(0, 1));
  await server.metricsWhen(
    (metrics) => metrics.sum("scream_arena_jobs_unfinished") === 0,
    "the finisher",
  );
  const metrics = await server.metrics();
  assert.equal(metrics.sum("scream_render_states_used"), 0, "no render state for a slow client");
  assert.equal(metrics.sum("scream_renders_total", { result: "ok" }), 1);
  await endWhole(readers);
});

test("a scream larger than the whole arena is refused, not tried for ever", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_ARENA_BYTES: "1MiB" } });
  const query = "preset=classic&seed=1&duration=60";
  for (const path of [`/scream.ogg?${query}&bitrate=256000`, `/scream?${query}&bitrate=256000`]) {
    const answer = await server.get(path);
    assert.equal(answer.status, 400);
    assert.equal(answer.headers["retry-after"], undefined, "waiting would not help");
    const problem = problemOf(answer);
    assert.equal(problem.type, "/problems/scream-too-large");
    assert.match(problem.detail, /at most 1048576.*duration.*bitrate.*wav.*SCREAM_ARENA_BYTES/s);
    assert.equal((await head(server.port, path)).status, 400, "HEAD agrees");
  }
  for (const path of [`/scream.ogg?${query}&bitrate=96000`, `/scream.wav?${query}`]) {
    assert.equal((await head(server.port, path)).status, 200);
    assert.equal((await server.get(path)).status, 200);
  }
  assert.equal((await server.metrics()).sum("scream_arena_full_total"), 0);
});

test("more connections than allowed are answered 503 by the acceptor", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_MAX_CONNECTIONS: "8" } });
  const held = [];
  for (let i = 0; i < 8; i += 1) {
    const client = await RawClient.connect(server.port);
    await client.get("/scream.ogg?preset=classic&seed=1&duration=60").head();
    held.push(client);
  }
  const late = await RawClient.connect(server.port);
  const head = await late.get("/livez").head();
  assert.equal(head.status, 503);
  assert.match(head.headers["retry-after"], /^[1-9]/);
  assert.equal(head.headers["content-type"], "application/problem+json");
  assert.equal(head.headers.connection, "close");
  const problem = JSON.parse((await late.body(head)).toString());
  assert.equal(problem.type, "/problems/too-many-connections");
  late.close();
  for (const client of held) {
    client.close();
  }
  /* Until the server has noticed that they are gone, it refuses this question too. */
  const metrics = await waitFor(() => server.metrics().catch(() => null), "a free place");
  assert.ok(metrics.sum("scream_http_connections_refused_total") >= 1);
});
