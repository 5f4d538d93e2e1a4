/*
 * tests/e2e/loudness.test.mjs - finish=smooth is as loud as promised.
 * Aim:    every preset has -16 LUFS within 1.5 and a true peak of at most -1 dBTP; volume scales
 *         it; 0 is silence.
 * Method: ffmpeg's ebur128 filter (EBU R 128) measures the WAV of every preset and several seeds.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { endServer, startServer } from "./support/server.mjs";
import { tool } from "./support/tools.mjs";
import { pooled } from "./support/wait.mjs";

const presets = ["classic", "whisper", "death-metal", "glitch", "banshee", "robot"];
let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

async function measure(query) {
  const answer = await server.get(`/scream.wav?${query}`);
  assert.equal(answer.status, 200, answer.body.toString());
  const { stderr } = await tool(
    "ffmpeg",
    ["-hide_banner", "-nostats", "-i", "-", "-af", "ebur128=peak=true", "-f", "null", "-"],
    { input: answer.body },
  );
  const summary = stderr.slice(stderr.lastIndexOf("Summary:"));
  const loudness = Number(/I:\s+(-?[0-9.]+|-inf) LUFS/.exec(summary)[1]);
  const peak = /Peak:\s+(-?[0-9.]+|-inf) dBFS/.exec(summary)[1];
  return { loudness, peak: peak === "-inf" ? -Infinity : Number(peak) };
}

test("every preset at smooth is -16 LUFS and peaks below -1 dBTP", async (t) => {
  const queries = presets.flatMap((preset) =>
    [0, 42, 12345].map((seed) => `preset=${preset}&seed=${seed}`),
  );
  const measured = await pooled(
    queries.map((query) => () => measure(query)),
    2,
  );
  for (const [i, query] of queries.entries()) {
    await t.test(query, () => {
      const { loudness, peak } = measured[i];
      assert.ok(Math.abs(loudness + 16) <= 1.5, `${loudness} LUFS`);
      assert.ok(peak <= -1, `${peak} dBTP`);
    });
  }
});

test("the decoded Opus is as loud", async () => {
  const answer = await server.get("/scream.ogg?preset=classic&seed=1");
  const { stderr } = await tool(
    "ffmpeg",
    ["-hide_banner", "-nostats", "-i", "-", "-af", "ebur128", "-f", "null", "-"],
    { input: answer.body },
  );
  const loudness = Number(/I:\s+(-?[0-9.]+) LUFS/.exec(stderr.slice(stderr.lastIndexOf("Sum")))[1]);
  assert.ok(Math.abs(loudness + 16) <= 1.5, `${loudness} LUFS`);
});

test("random parameters never peak above -1 dBTP", async () => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  const measured = await pooled(
    seeds.map((seed) => () => measure(`preset=random&seed=${seed}`)),
    2,
  );
  for (const [i, { peak }] of measured.entries()) {
    assert.ok(peak <= -1, `seed ${seeds[i]}: ${peak} dBTP`);
  }
});

test("volume scales by its decibels", async () => {
  const full = await measure("preset=classic&seed=2");
  const half = await measure("preset=classic&seed=2&volume=0.5");
  assert.ok(Math.abs(full.loudness - half.loudness - 6.02) < 0.7, JSON.stringify({ full, half }));
});

test("volume 0 is silence, in WAV to the last bit", async () => {
  const { body } = await server.get("/scream.wav?preset=classic&seed=2&volume=0");
  assert.ok(body.subarray(44).every((byte) => byte === 0));
});
