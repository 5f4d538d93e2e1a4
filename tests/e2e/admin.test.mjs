/*
 * tests/e2e/admin.test.mjs - health and metrics on a port of their own.
 * Aim:    they are answered there and nowhere else, whatever state the public side is in: full,
 *         stopping, drained; the admin side goes down last, and holds up nobody.
 * Method: two free ports; the log names the second; places are taken by stalled readers.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { get, head, problemOf, request } from "./support/http.mjs";
import { Metrics } from "./support/metrics.mjs";
import { RawClient } from "./support/raw.mjs";
import { endServer, startServer, useServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";
import { waitFor } from "./support/wait.mjs";

const apart = { SCREAM_ADMIN_PORT: "0" };
const paths = ["/livez", "/readyz", "/startupz", "/metrics"];
const places = 16;
let server;
let admin;

before(async () => {
  server = await startServer({ settings: apart });
  admin = await server.adminPort();
});
after(() => endServer(server));

const statusOf = async (port, path) => (await get(port, path)).status;

/** A response that stays open: its head is read and no more. */
async function hold(port, path = "/scream.wav?preset=robot&seed=1&duration=60") {
  const client = await RawClient.connect(port);
  const answered = await client.get(path).head();
  assert.equal(answered.status, 200);
  return { client, head: answered };
}

test("health and metrics are on the admin port and nowhere else", async () => {
  assert.notEqual(admin, server.port);
  for (const path of paths) {
    assert.equal(await statusOf(admin, path), 200, path);
    assert.equal((await head(admin, path)).status, 200, path);
    for (const method of ["GET", "HEAD", "OPTIONS", "POST"]) {
      assert.equal((await request(server.port, method, path)).status, 404, `${method} ${path}`);
    }
    const answer = await server.get(path);
    assert.match(problemOf(answer).detail, /admin port/);
    assert.ok(!answer.body.includes(String(admin)), "strangers are not told which");
  }
  const near = problemOf(await server.get("/metric"));
  assert.doesNotMatch(near.detail, /Did you mean/);
});

test("the admin port answers nothing else, and says what it does", async () => {
  for (const path of ["/", "/scream.ogg?seed=1", "/scream.wav", "/presets", "/openapi.yaml"]) {
    const answer = await get(admin, path);
    assert.equal(answer.status, 404, path);
    for (const known of paths) {
      assert.ok(problemOf(answer).detail.includes(known), `${path} tells of ${known}`);
    }
  }
  assert.equal((await server.get("/scream.ogg?preset=robot&seed=1")).status, 200);
  assert.equal((await server.get("/openapi.yaml")).status, 200);
});

test("healthcheck asks the admin port", async () => {
  const ports = { SCREAM_HTTP_PORT: "1", SCREAM_ADMIN_PORT: String(admin) };
  const well = await scream(["healthcheck"], { settings: ports });
  assert.equal(well.code, 0, well.stderr);
  const ill = await scream(["healthcheck", "--admin-port", "1"], { settings: ports });
  assert.equal(ill.code, 69);
  assert.match(ill.stderr, /127\.0\.0\.1 port 1/);
  const wrong = await scream(["healthcheck", "--http-port", String(server.port)]);
  assert.equal(wrong.code, 69);
  assert.match(wrong.stderr, /answers 404; is there an admin port\? --admin-port/);
});

test("it answers while every place and all memory of the public side are taken", async (t) => {
  const full = await useServer(t, {
    settings: { ...apart, SCREAM_MAX_CONNECTIONS: "8", SCREAM_ARENA_BYTES: "1MiB" },
  });
  const port = await full.adminPort();
  const held = [await hold(full.port, "/scream.ogg?preset=robot&seed=1&duration=60")];
  const minute = await full.get("/scream.ogg?preset=robot&seed=2&duration=60");
  assert.equal(minute.status, 503, "the arena is full");
  for (let i = held.length; i < 8; i += 1) {
    held.push(await hold(full.port));
  }
  for (let i = 0; i < 50; i += 1) {
    const late = await RawClient.connect(full.port);
    const refused = await late.get("/presets").head();
    assert.equal(refused.status, 503);
    assert.ok(refused.headers["retry-after"]);
    late.close();
    for (const path of paths) {
      assert.equal(await statusOf(port, path), 200, path);
    }
  }
  const metrics = new Metrics((await get(port, "/metrics")).body.toString());
  assert.equal(metrics.sum("scream_http_connections_refused_total"), 50);
  for (const { client } of held) {
    client.close();
  }
});

test("it has places of its own, and taking them all disturbs nobody else", async (t) => {
  const one = await useServer(t, { settings: apart });
  const port = await one.adminPort();
  const guests = [];
  for (let i = 0; i < places; i += 1) {
    const client = await RawClient.connect(port);
    const answered = await client.get("/livez").head();
    assert.equal(answered.status, 200);
    await client.body(answered);
    guests.push(client);
  }
  const late = await RawClient.connect(port);
  assert.equal((await late.get("/livez").head()).status, 503);
  late.close();
  assert.equal((await one.get("/scream.ogg?preset=robot&seed=1")).status, 200);
  guests.pop().close();
  await waitFor(async () => (await statusOf(port, "/livez")) === 200, "the free place");
  for (const guest of guests) {
    guest.close();
  }
});

test("with more connections than low numbers of descriptors", async (t) => {
  const many = await useServer(t, { settings: { ...apart, SCREAM_MAX_CONNECTIONS: "1200" } });
  const port = await many.adminPort();
  const guests = await Promise.all(
    Array.from({ length: 1200 }, () => RawClient.connect(many.port)),
  );
  await waitFor(async () => {
    const answer = await get(port, "/metrics");
    assert.equal(answer.status, 200);
    return new Metrics(answer.body.toString()).sum("process_open_fds") > 1200;
  }, "all connections");
  assert.equal(await statusOf(port, "/readyz"), 200);
  for (const guest of guests) {
    guest.close();
  }
});

test("during the delay and the drain it says so; it goes down last", async (t) => {
  const stopping = await useServer(t, {
    settings: { ...apart, SCREAM_DRAIN_DELAY: "2s", SCREAM_DRAIN_TIMEOUT: "300s" },
  });
  const port = await stopping.adminPort();
  const held = await Promise.all([1, 2, 3].map(() => hold(stopping.port)));
  const kept = await RawClient.connect(port);
  const answered = await kept.get("/readyz").head();
  assert.equal(answered.status, 200);
  await kept.body(answered);

  stopping.kill("SIGTERM");
  await waitFor(async () => (await statusOf(port, "/readyz")) === 503, "not ready");
  const isOpen = () => stopping.get("/presets").then(
    (answer) => answer.status === 200,
    () => false,
  );
  /* Whoever is turned away was warned: from not ready on, never before. */
  while (await isOpen()) {
    assert.equal(await statusOf(port, "/readyz"), 503);
    assert.equal(await statusOf(port, "/livez"), 200);
  }
  assert.equal(stopping.exited, false, "streams are waited for");
  for (let i = 0; i < 20; i += 1) {
    assert.equal(await statusOf(port, "/livez"), 200, "alive while draining");
    assert.equal(await statusOf(port, "/readyz"), 503);
    assert.equal(await statusOf(port, "/metrics"), 200);
  }
  const file = await scream(["generate", "-o", "-", "--format", "wav"].concat(
    ["--preset", "robot", "--seed", "1", "--duration", "60"],
  ));
  const bodies = await Promise.all(held.map(({ client, head: said }) => client.body(said)));
  for (const body of bodies) {
    assert.ok(body.equals(file.stdout), "whole");
  }
  const { code } = await waitFor(() => stopping.exited && stopping.exit, "the end");
  assert.equal(code, 0);
  assert.equal(stopping.logs().find((line) => line.msg === "drained").cut_off, 0);
  assert.ok(await kept.closes(), "an idle scraper does not hold up the stop");
  kept.close();
  for (const { client } of held) {
    client.close();
  }
});

test("a second signal ends both sides at once", async (t) => {
  const stopping = await useServer(t, {
    settings: { ...apart, SCREAM_DRAIN_DELAY: "3600s", SCREAM_DRAIN_TIMEOUT: "3600s" },
  });
  const port = await stopping.adminPort();
  const { client } = await hold(stopping.port);
  const scraper = await RawClient.connect(port);
  scraper.send("GET /metrics HTTP/1.1\r\nHost: lo");
  stopping.kill("SIGTERM");
  await waitFor(async () => (await statusOf(port, "/readyz")) === 503, "not ready");
  stopping.kill("SIGTERM");
  const { code } = await waitFor(() => stopping.exited && stopping.exit, "the end", 20000);
  assert.equal(code, 0);
  client.close();
  scraper.close();
});

test("one port for both sides is a wrong configuration", async () => {
  const settings = { SCREAM_HTTP_PORT: "18080", SCREAM_ADMIN_PORT: "18080" };
  const both = await scream(["serve"], { settings });
  assert.equal(both.code, 78, both.stderr);
  assert.match(both.stderr, /SCREAM_HTTP_PORT and SCREAM_ADMIN_PORT are both 18080/);
  assert.doesNotMatch(both.stderr, /memory/, "before anything is summed up");
  const shown = await scream(["config"], { settings });
  assert.equal(shown.code, 78);
  assert.match(shown.stderr, /SCREAM_HTTP_PORT and SCREAM_ADMIN_PORT are both 18080/);
});

test("an admin port that is taken ends the start, and names itself", async () => {
  const settings = { SCREAM_HTTP_PORT: "0", SCREAM_ADMIN_PORT: String(admin) };
  const other = await scream(["serve"], { settings });
  assert.equal(other.code, 69);
  assert.match(other.stderr, new RegExp(`port ${admin}: Address already in use.*--admin-port`));
  assert.equal(await statusOf(admin, "/livez"), 200, "the first is not disturbed");
});
