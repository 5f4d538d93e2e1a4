/*
 * tests/e2e/aborts.test.mjs - ten thousand requests that are broken off.
 * Aim:    nothing leaks: gauges, descriptors and memory are where they were.
 * Method: clients of every temper (gone before the answer, after the head, in the body; with a
 *         goodbye or a reset) ask Ogg, WAV and small documents; the first thousand warm up. Every
 *         head that a client saw whole is held against openapi.yaml.
 */
import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";

import { holdBytes } from "./support/raw.mjs";
import { useServer } from "./support/server.mjs";
import { pooled, within } from "./support/wait.mjs";

const presets = ["classic", "whisper", "death-metal", "glitch", "banshee", "robot"];

function targetOf(i) {
  const preset = presets[i % presets.length];
  const query = `preset=${preset}&seed=${i % 997}&duration=${1 + (i % 5)}`;
  switch (i % 8) {
    case 0:
      return `/scream.wav?${query}`;
    case 1:
      return "/presets";
    case 2:
      return `/scream.ogg?${query}&unknown=${i}`;
    case 3:
      return "/scream.ogg";
    default:
      return `/scream.ogg?${query}`;
  }
}

/* How much of the answer a client waits for before it goes: nothing, some bytes, many. */
const patience = [0, 1, 1, 5000, 40000];

function abort(port, i) {
  const target = targetOf(i);
  const range = i % 11 === 0 ? "Range: bytes=20000-\r\n" : "";
  return within(
    new Promise((resolve, reject) => {
      const socket = net.connect({ port, host: "127.0.0.1" });
      const asked = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${range}\r\n`;
      let received = Buffer.alloc(0);
      let isHeld = false;
      const leave = () => (i % 2 === 0 ? socket.resetAndDestroy() : socket.destroy());
      socket.on("connect", () => {
        socket.write(asked, () => {
          if (patience[i % patience.length] === 0) {
            leave();
          }
        });
      });
      socket.on("data", (piece) => {
        received = Buffer.concat([received, piece]);
        try {
          isHeld ||= holdBytes(port, asked, received);
        } catch (error) {
          reject(error);
        }
        if (received.length >= patience[i % patience.length]) {
          leave();
        }
      });
      /* A short document may be whole before patience ends: then the client leaves too. */
      socket.setTimeout(200, leave);
      socket.on("end", leave);
      socket.on("error", (error) => (error.code === "ECONNREFUSED" ? reject(error) : undefined));
      socket.on("close", resolve);
    }),
    `the end of aborted request ${i}`,
  );
}

async function abortMany(port, from, to) {
  const tasks = Array.from({ length: to - from }, (_, i) => () => abort(port, from + i));
  await pooled(tasks, 48);
}

/* What must be zero when nobody is there (but the one who asks). */
function atRest(metrics) {
  return (
    metrics.sum("scream_arena_readers") === 0 &&
    metrics.sum("scream_arena_jobs_unfinished") === 0 &&
    metrics.sum("scream_arena_extents_wanted") === 0 &&
    metrics.sum("scream_render_states_used") === 0 &&
    metrics.sum("scream_pcm_streams_used") === 0 &&
    metrics.sum("http_requests_in_flight") <= 1 &&
    metrics.sum("scream_http_connections") === 1
  );
}

test("10,000 aborted requests leak nothing", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_ARENA_BYTES: "4MiB", SCREAM_LOG_LEVEL: "warn" },
  });
  await abortMany(server.port, 0, 1000);
  const before = await server.metricsWhen(atRest, "rest after warming up");
  await abortMany(server.port, 1000, 11000);
  const after = await server.metricsWhen(atRest, "rest after 10,000 aborted requests");

  const grown = (name) => after.sum(name) - before.sum(name);
  assert.ok(grown("scream_http_connections_total") >= 10000);
  assert.equal(grown("scream_http_connections_refused_total"), 0);
  assert.ok(grown("process_open_fds") <= 0, "no descriptor is left");
  assert.equal(grown("process_threads"), 0);
  assert.equal(grown("scream_arena_extents"), 0);
  const memory = grown("process_resident_memory_bytes");
  assert.ok(memory < 8 << 20, `resident memory grew by ${memory} bytes`);

  const answer = await server.get("/scream.ogg?preset=classic&seed=1");
  assert.equal(answer.status, 200, "and it still serves");
});
