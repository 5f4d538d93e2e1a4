/*
 * tests/e2e/ranges.test.mjs - any part of a scream equals that part of the whole.
 * Aim:    first, middle, suffix, one byte, open, beyond the end, several: right for Ogg in every
 *         state of its job (unrendered, half rendered, finished, evicted) and for WAV.
 * Method: the whole comes from the terminal (a process of its own), the parts from the server;
 *         the state of the job is read from metrics and Server-Timing, never from a clock.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { problemOf } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import { endServer, startServer, useServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";
import { pooled, waitFor } from "./support/wait.mjs";

/* What the terminal writes for the parameters of a query. */
async function wholeOf(format, query) {
  const flags = [...new URLSearchParams(query)].flatMap(([name, value]) => [`--${name}`, value]);
  const file = await scream(
    ["generate", "-o", "-", "--format", format, "--max-duration", "300s", ...flags],
    { settings: {} },
  );
  assert.equal(file.code, 0, file.stderr);
  return file.stdout;
}

/* Header values and the slice each must give; null: the whole with 200. */
function satisfiable(size) {
  const middle = Math.floor(size / 2);
  return [
    ["bytes=0-", 0, size],
    ["bytes=0-0", 0, 1],
    ["bytes=0-99", 0, 100],
    [`bytes=${middle}-${middle + 999}`, middle, middle + 1000],
    [`bytes=${middle}-`, middle, size],
    [`bytes=${middle}-${middle}`, middle, middle + 1],
    [`bytes=${size - 1}-`, size - 1, size],
    [`bytes=${size - 1}-${size - 1}`, size - 1, size],
    ["bytes=-1", size - 1, size],
    ["bytes=-500", size - 500, size],
    [`bytes=-${size}`, 0, size],
    [`bytes=-${size + 12345}`, 0, size],
    [`bytes=100-${size + 999}`, 100, size],
    ["bytes=43-44", 43, 45],
    ["bytes=44-47", 44, 48],
    ["bytes= 10-19", 10, 20],
    ["Bytes=10-19", 10, 20],
    ["bytes=65535-65536", 65535, 65537],
  ].filter(([, , to]) => to <= size);
}

const ignored = (size) => [
  "bytes=0-9,20-29",
  `bytes=0-0,${size + 5}-`,
  "bytes=9-0",
  "bytes=a-b",
  "bytes=-",
  "bytes",
  "items=0-9",
  "bytes=0x0-0x9",
];

async function part(server, path, range, whole, from, to) {
  const answer = await server.get(path, { headers: { Range: range } });
  assert.equal(answer.status, 206, `${range}: ${answer.body.subarray(0, 500)}`);
  assert.equal(answer.headers["content-range"], `bytes ${from}-${to - 1}/${whole.length}`, range);
  assert.equal(answer.headers["content-length"], String(to - from), range);
  assert.equal(answer.chunked, false);
  assert.ok(answer.body.equals(whole.subarray(from, to)), `${range}: other bytes`);
  return answer;
}

/* Every kind of range on one address whose whole is known. */
async function checkAll(server, path, whole) {
  for (const [range, from, to] of satisfiable(whole.length)) {
    await part(server, path, range, whole, from, to);
  }
  for (const range of ignored(whole.length)) {
    const answer = await server.get(path, { headers: { Range: range } });
    assert.equal(answer.status, 200, range);
    assert.ok(answer.body.equals(whole), `${range}: the whole`);
  }
  for (const range of [`bytes=${whole.length}-`, `bytes=${whole.length + 7}-`, "bytes=-0"]) {
    const answer = await server.get(path, { headers: { Range: range } });
    assert.equal(answer.status, 416, range);
    assert.equal(answer.headers["content-range"], `bytes */${whole.length}`);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(problemOf(answer).type, "/problems/range-not-satisfiable");
  }
}

describe("Ogg", () => {
  let server;

  before(async () => {
    server = await startServer({ settings: { SCREAM_MAX_DURATION: "300s" } });
  });
  after(() => endServer(server));

  test("a finished job gives every range", async () => {
    const query = "preset=classic&seed=20";
    const whole = await wholeOf("ogg", query);
    const first = await server.get(`/scream.ogg?${query}`);
    assert.ok(first.body.equals(whole));
    await checkAll(server, `/scream.ogg?${query}`, whole);
    const metrics = await server.metrics();
    assert.equal(metrics.sum("scream_cache_misses_total"), 1, "one job served them all");
  });

  test("an unrendered job gives every range as its first answer", async () => {
    const query = "preset=banshee&duration=2";
    const reference = await wholeOf("ogg", `${query}&seed=1000`);
    for (const [i, [range]] of satisfiable(reference.length).entries()) {
      const one = `${query}&seed=${1000 + i}`;
      const whole = await wholeOf("ogg", one);
      const [, from, to] = satisfiable(whole.length)[i];
      const answer = await part(server, `/scream.ogg?${one}`, range, whole, from, to);
      assert.match(answer.headers["server-timing"], /desc=miss/, "nobody had asked before");
    }
  });

  test("a half rendered job gives every range to readers at once", async () => {
    /* 300 s at the highest rate take seconds to render; the ranges arrive in the midst. */
    const query = "preset=robot&seed=21&duration=300&bitrate=256000";
    const path = `/scream.ogg?${query}`;
    const whole = await wholeOf("ogg", query);
    const shared = (await server.metrics()).sum("scream_singleflight_shared_total");
    const reader = await RawClient.connect(server.port);
    const head = await reader.get(path).head();
    const start = await reader.chunk();
    const parts = await pooled(
      satisfiable(whole.length)
        .filter(([, from, to]) => to - from < 2000)
        .map(([range, from, to]) => () => part(server, path, range, whole, from, to)),
      16,
    );
    const joined = parts.filter((answer) => /miss/.test(answer.headers["server-timing"]));
    assert.ok(joined.length > 0, "some came while it was being rendered");
    const metrics = await server.metrics();
    assert.ok(metrics.sum("scream_singleflight_shared_total") >= shared + joined.length);
    const rest = await reader.body(head);
    reader.close();
    assert.ok(Buffer.concat([start, rest]).equals(whole), "who was first got the whole");
    assert.equal(metrics.sum("scream_renders_total", { preset: "robot", result: "dropped" }), 0);
  });

  test("open ranges of a long job", async () => {
    const query = "preset=robot&seed=21&duration=300&bitrate=256000";
    const whole = await wholeOf("ogg", query);
    for (const from of [1, 65535, 65536, 1000000, whole.length - 70000]) {
      await part(server, `/scream.ogg?${query}`, `bytes=${from}-`, whole, from, whole.length);
    }
  });
});

test("an evicted job is rendered again to the same bytes", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_ARENA_BYTES: "1MiB" },
  });
  const query = "preset=glitch&seed=30&duration=2";
  const path = `/scream.ogg?${query}`;
  const whole = await wholeOf("ogg", query);
  const fill = async () => {
    /* Twenty other screams of 61 KiB push the first one out. */
    for (let seed = 0; seed < 20; seed += 1) {
      const other = await server.get(`/scream.ogg?preset=whisper&duration=5&seed=${seed}`);
      assert.equal(other.status, 200);
    }
  };
  await server.get(path);
  for (const [range, from, to] of satisfiable(whole.length).filter((_, i) => i % 3 === 0)) {
    await fill();
    const answer = await part(server, path, range, whole, from, to);
    assert.match(answer.headers["server-timing"], /desc=miss/, "it was gone");
  }
  assert.ok((await server.metrics()).sum("scream_arena_evicted_total") > 20);
  await fill();
  assert.ok((await server.get(path)).body.equals(whole));
});

test("WAV gives every range, also two at once at both ends", async (t) => {
  const server = await useServer(t);
  const query = "preset=death-metal&seed=22&duration=1.2345&channels=1";
  const whole = await wholeOf("wav", query);
  await checkAll(server, `/scream.wav?${query}`, whole);
  const long = "preset=death-metal&seed=23&duration=60";
  const longWhole = await wholeOf("wav", long);
  const size = longWhole.length;
  await Promise.all(
    [
      [`bytes=${size - 1000}-`, size - 1000, size],
      ["bytes=0-999", 0, 1000],
      [`bytes=${size - 5000001}-${size - 5000000}`, size - 5000001, size - 4999999],
      ["bytes=3-", 3, size],
    ].map(([range, from, to]) =>
      part(server, `/scream.wav?${long}`, range, longWhole, from, to),
    ),
  );
});

test("a far range outlives a machine that is busy with something else", async (t) => {
  /* Stopped for longer than the HTTP library waits for silent connections: 10 s. */
  const server = await useServer(t, { settings: { SCREAM_MAX_DURATION: "300s" } });
  const query = "preset=robot&seed=24&duration=300&bitrate=256000";
  const whole = await wholeOf("ogg", query);
  const answer = part(
    server,
    `/scream.ogg?${query}`,
    "bytes=-100",
    whole,
    whole.length - 100,
    whole.length,
  );
  answer.catch(() => {});
  /* In the midst of the work: a tenth is done, so the reader has asked and was told to wait. */
  await waitFor(async () => {
    const metrics = await server.metrics();
    return metrics.sum("scream_rendered_samples_total", { format: "ogg" }) > 30 * 48000;
  }, "a tenth of the work");
  server.kill("SIGSTOP");
  await sleep(11000);
  server.kill("SIGCONT");
  await answer;
});

test("a repeated Range header is ignored", async (t) => {
  const server = await useServer(t);
  const client = await RawClient.connect(server.port);
  client.send(
    "GET /scream.ogg?preset=robot&seed=1 HTTP/1.1\r\nHost: a\r\n" +
      "Range: bytes=0-9\r\nRange: bytes=20-29\r\n\r\n",
  );
  const head = await client.head();
  assert.equal(head.status, 200);
  const body = await client.body(head);
  client.close();
  assert.ok(body.equals(await wholeOf("ogg", "preset=robot&seed=1")));
});
