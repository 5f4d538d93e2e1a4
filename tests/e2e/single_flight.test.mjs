/*
 * tests/e2e/single_flight.test.mjs - many clients at once, one address or many.
 * Aim:    64 clients that ask one new address together cost one render; 64 addresses together are
 *         all right and nothing is mixed.
 * Method: sockets connect first, then all requests leave in one go; counters tell what happened.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { RawClient } from "./support/raw.mjs";
import { endServer, startServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";
import { pooled } from "./support/wait.mjs";

const clients = 64;
let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

/* All paths at once, each on a connection that stands ready; answers in their order. */
async function together(paths) {
  const sockets = await Promise.all(paths.map(() => RawClient.connect(server.port)));
  for (const [i, socket] of sockets.entries()) {
    socket.get(paths[i]);
  }
  return Promise.all(
    sockets.map(async (socket) => {
      const head = await socket.head();
      const body = await socket.body(head);
      socket.close();
      return { head, body };
    }),
  );
}

const hash = (body) => createHash("sha256").update(body).digest("hex");

async function fileOf(format, preset, seed, seconds) {
  const args = ["--preset", preset, "--seed", String(seed), "--duration", String(seconds)];
  const file = await scream(["generate", "-o", "-", "--format", format, ...args]);
  assert.equal(file.code, 0, file.stderr);
  return file.stdout;
}

test("64 clients, one new address: one render, all bodies equal", async () => {
  for (const [seed, seconds] of [
    [9001, 3],
    [9002, 20],
  ]) {
    const path = `/scream.ogg?preset=banshee&seed=${seed}&duration=${seconds}`;
    const before = await server.metrics();
    const answers = await together(new Array(clients).fill(path));
    assert.ok(answers.every(({ head }) => head.status === 200));
    const whole = hash(await fileOf("ogg", "banshee", seed, seconds));
    assert.deepEqual([...new Set(answers.map(({ body }) => hash(body)))], [whole]);
    const after = await server.metrics();
    const grown = (name, labels) => after.sum(name, labels) - before.sum(name, labels);
    assert.equal(grown("scream_renders_total", { format: "ogg", result: "ok" }), 1);
    assert.equal(grown("scream_renders_total"), 1);
    assert.equal(grown("scream_cache_misses_total"), 1);
    const others = grown("scream_cache_hits_total") + grown("scream_singleflight_shared_total");
    assert.equal(others, clients - 1);
    const rendered = grown("scream_rendered_samples_total", { format: "ogg" });
    assert.ok(rendered < seconds * 48000 + 2000, `${rendered} samples: no block twice`);
  }
});

test("64 addresses at once, both formats: all right, nothing mixed", async () => {
  const presets = ["classic", "whisper", "death-metal", "glitch", "banshee", "robot"];
  const cases = Array.from({ length: clients }, (_, i) => ({
    format: i % 3 === 0 ? "wav" : "ogg",
    preset: presets[i % presets.length],
    seed: 9100 + i,
    seconds: 0.5 + (i % 7) / 4,
  }));
  const answers = await together(
    cases.map(
      ({ format, preset, seed, seconds }) =>
        `/scream.${format}?preset=${preset}&seed=${seed}&duration=${seconds}`,
    ),
  );
  const files = await pooled(
    cases.map(
      ({ format, preset, seed, seconds }) =>
        () =>
          fileOf(format, preset, seed, seconds),
    ),
    2,
  );
  for (const [i, { head, body }] of answers.entries()) {
    assert.equal(head.status, 200);
    assert.equal(head.headers["x-scream-seed"], String(cases[i].seed));
    assert.ok(body.equals(files[i]), JSON.stringify(cases[i]));
  }
});

test("readers who ask for different parts of one address share one render", async () => {
  const path = "/scream.ogg?preset=robot&seed=9300&duration=10";
  const whole = await fileOf("ogg", "robot", 9300, 10);
  const before = await server.metrics();
  const sockets = await Promise.all(
    Array.from({ length: 32 }, () => RawClient.connect(server.port)),
  );
  const starts = sockets.map((_, i) => Math.floor((whole.length * i) / sockets.length));
  for (const [i, socket] of sockets.entries()) {
    socket.get(path, { Range: `bytes=${starts[i]}-` });
  }
  await Promise.all(
    sockets.map(async (socket, i) => {
      const head = await socket.head();
      assert.equal(head.status, 206);
      const body = await socket.body(head);
      socket.close();
      assert.ok(body.equals(whole.subarray(starts[i])), `from ${starts[i]}`);
    }),
  );
  const after = await server.metrics();
  const renders = (metrics) => metrics.sum("scream_renders_total", { format: "ogg" });
  assert.equal(renders(after) - renders(before), 1);
});

test("afterwards nothing is held", async () => {
  const metrics = await server.metricsWhen(
    (read) =>
      read.sum("scream_arena_readers") === 0 &&
      read.sum("scream_pcm_streams_used") === 0 &&
      read.sum("scream_arena_jobs_unfinished") === 0 &&
      read.sum("scream_render_states_used") === 0 &&
      read.sum("http_requests_in_flight") <= 1,
    "all readers gone",
  );
  assert.equal(metrics.sum("scream_arena_extents_wanted"), 0);
});
