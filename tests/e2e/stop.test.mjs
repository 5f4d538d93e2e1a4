/*
 * tests/e2e/stop.test.mjs - how the server ends, and how it begins again.
 * Aim:    SIGTERM in the middle of 20 streams: all end whole, exit 0 within the grace, not ready
 *         meanwhile; a second signal ends at once; kill -9 and start again serves.
 * Method: stalled readers on raw sockets; the order of events is read from answers and exit codes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { problemOf } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import { startServer, useServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";
import { waitFor } from "./support/wait.mjs";

/* Ten Ogg and ten WAV streams, each too long for the buffers of the network. */
const cases = Array.from({ length: 20 }, (_, i) => ({
  format: i % 2 === 0 ? "ogg" : "wav",
  seed: 700 + i,
  seconds: i % 2 === 0 ? 60 : 12,
}));

async function begin(server, list = cases) {
  return Promise.all(
    list.map(async (one) => {
      const client = await RawClient.connect(server.port);
      const { format, seed, seconds } = one;
      client.get(`/scream.${format}?preset=robot&seed=${seed}&duration=${seconds}`);
      const head = await client.head();
      assert.equal(head.status, 200);
      return { ...one, client, head, start: await client.chunk() };
    }),
  );
}

/* All are read at once, for who does not read for 10 s is cut off; then they are compared. */
async function endWhole(streams) {
  const bodies = await Promise.all(
    streams.map(async ({ client, head, start }) =>
      Buffer.concat([start, await client.body(head)]),
    ),
  );
  for (const [i, { format, seed, seconds, client }] of streams.entries()) {
    const args = ["--preset", "robot", "--seed", `${seed}`, "--duration", `${seconds}`];
    const file = await scream(["generate", "-o", "-", "--format", format, ...args]);
    assert.equal(file.code, 0, file.stderr);
    assert.ok(bodies[i].equals(file.stdout), `${format} ${seed}`);
    assert.ok(await client.closes(), "the connection closes after it");
    client.close();
  }
}

const eventsOf = (server) => server.logs().map((line) => line.msg);

test("SIGTERM in the middle of 20 streams: all end whole, then exit 0", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_DRAIN_TIMEOUT: "300s" } });
  const streams = await begin(server);
  server.kill("SIGTERM");
  /* No new connection, but the old ones go on. */
  await waitFor(
    () =>
      server.get("/livez").then(
        () => false,
        () => true,
      ),
    "the closed door",
  );
  assert.equal(server.exited, false, "it waits for its streams");
  await endWhole(streams);
  const { code, signal } = await waitFor(() => server.exited && server.exit, "the end");
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.deepEqual(
    eventsOf(server).filter((event) => /^(stopping|drained|stopped)$/.test(event)),
    ["stopping", "drained", "stopped"],
  );
  const stopping = server.logs().find((line) => line.msg === "stopping");
  assert.deepEqual([stopping.drain_delay, stopping.drain_timeout], ["0s", "300s"]);
  const drained = server.logs().find((line) => line.msg === "drained");
  assert.equal(drained.cut_off, 0);
  assert.equal(drained.level, "info");
  assert.ok(!("reason" in drained));
});

test("during the drain delay it is not ready but serves", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_DRAIN_DELAY: "3600s" } });
  assert.equal((await server.get("/readyz")).status, 200);
  server.kill("SIGTERM");
  await waitFor(() => eventsOf(server).includes("stopping"), "the signal");
  const ready = await server.get("/readyz");
  assert.equal(ready.status, 503);
  assert.equal(problemOf(ready).type, "/problems/not-ready");
  assert.match(ready.headers["retry-after"], /^[1-9]/);
  assert.equal((await server.get("/livez")).status, 200);
  const late = await server.get("/scream.ogg?preset=glitch&seed=1");
  assert.equal(late.status, 200);
  assert.equal(late.headers.connection, "close");
  assert.ok(late.body.length > 10000);
});

test("when the delay is over the streams are waited for", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_DRAIN_DELAY: "300ms", SCREAM_DRAIN_TIMEOUT: "300s" },
  });
  const streams = await begin(server, cases.slice(0, 4));
  server.kill("SIGTERM");
  await endWhole(streams);
  const { code } = await waitFor(() => server.exited && server.exit, "the end");
  assert.equal(code, 0);
});

test("SIGINT is as good, and an idle server ends at once", async (t) => {
  const server = await useServer(t);
  const { code, signal } = await server.stop("SIGINT");
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
});

test("idle connections do not hold up the stop", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_DRAIN_TIMEOUT: "3600s" } });
  const silent = await RawClient.connect(server.port);
  const kept = await RawClient.connect(server.port);
  const head = await kept.get("/livez").head();
  await kept.body(head);
  const { code } = await server.stop();
  assert.equal(code, 0);
  silent.close();
  kept.close();
});

test("a second signal ends it at once", async (t) => {
  for (const settings of [{}, { SCREAM_DRAIN_DELAY: "3600s" }]) {
    const server = await useServer(t, {
      settings: { SCREAM_DRAIN_TIMEOUT: "3600s", ...settings },
    });
    const streams = await begin(server, cases.slice(0, 4));
    server.kill("SIGTERM");
    await waitFor(() => eventsOf(server).includes("stopping"), "the first signal");
    assert.equal(server.exited, false);
    server.kill("SIGTERM");
    const { code, signal } = await waitFor(() => server.exited && server.exit, "the end", 20000);
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    const drained = server.logs().find((line) => line.msg === "drained");
    assert.ok(drained.cut_off > 0);
    assert.deepEqual([drained.level, drained.reason], ["warn", "second signal"]);
    assert.equal(eventsOf(server).filter((event) => event === "second signal").length, 1);
    for (const { client, head } of streams) {
      await assert.rejects(client.body(head), "a cut stream never looks whole");
      client.close();
    }
  }
});

test("refusals that the log left out are told at the latest at the stop", async (t) => {
  const server = await useServer(t);
  const asked = 200;
  for (let i = 0; i < asked; i += 1) {
    assert.equal((await server.get("/nowhere")).status, 404);
  }
  await server.stop();
  const lines = server.logs().filter((line) => line.msg === "request");
  const told = server.logs().reduce((sum, line) => sum + (line.suppressed ?? 0), 0);
  assert.equal(lines.length + told, asked, "each is written or counted");
});

test("the grace has an end", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_DRAIN_TIMEOUT: "500ms" } });
  const streams = await begin(server, cases.slice(0, 2));
  const { code } = await server.stop();
  assert.equal(code, 0);
  const drained = server.logs().find((line) => line.msg === "drained");
  assert.deepEqual([drained.level, drained.cut_off, drained.reason], ["warn", 2, "drain_timeout"]);
  const cut = server.logs().filter((line) => line.msg === "request");
  assert.deepEqual(cut.map((line) => [line.whole, line.cut]), [[false, "drain"], [false, "drain"]]);
  for (const { client } of streams) {
    client.close();
  }
});

test("kill -9 in the middle of streams, and the same port serves again", async (t) => {
  const first = await startServer();
  const streams = await begin(first, cases.slice(0, 6));
  await first.stop("SIGKILL");
  assert.equal(first.signal, "SIGKILL");
  const second = await useServer(t, { settings: { SCREAM_HTTP_PORT: String(first.port) } });
  assert.equal(second.port, first.port);
  for (const { client } of streams) {
    client.close();
  }
  const answer = await second.get("/scream.ogg?preset=robot&seed=700&duration=1");
  assert.equal(answer.status, 200);
});

test("a port that is taken: exit 69 and a sentence that says so", async (t) => {
  const server = await useServer(t);
  const other = await scream(["serve"], { settings: { SCREAM_HTTP_PORT: `${server.port}` } });
  assert.equal(other.code, 69);
  const wanted = `cannot listen on 127\\.0\\.0\\.1 port ${server.port}: Address already in use`;
  assert.match(other.stderr, new RegExp(wanted));
  assert.equal(other.text, "", "and no URL");
  assert.equal((await server.get("/livez")).status, 200, "the first is not disturbed");
});
