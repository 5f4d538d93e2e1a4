/*
 * tests/browser/audio.test.mjs - <audio src> in Chromium, as a page would use it.
 * Aim:    a 60 s scream, Ogg and WAV, shows the right duration, plays and seeks, whether the server
 *         has it already or renders it meanwhile.
 * Method: a page of this test's own (another origin, so CORS and CORP count too); the element's
 *         events and properties; nothing is measured in seconds of the clock.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";

import { endServer, startServer } from "../e2e/support/server.mjs";
import { withPage } from "../support/chromium.mjs";

const seconds = 60;
let server;
let pages;
let origin;

before(async () => {
  server = await startServer();
  pages = http.createServer((request, answer) => {
    answer.setHeader("Content-Type", "text/html; charset=utf-8");
    answer.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    answer.end("<!doctype html><title>listening</title><link rel=icon href=data:,><body>");
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${pages.address().port}/`;
});
after(() => pages?.close());
after(() => endServer(server));

/* Runs in the page: loads, plays, seeks; gives what it saw. Each step waits for the element. */
async function listen({ url, crossOrigin, seekTo }) {
  const audio = document.createElement("audio");
  const seen = { url };
  const fail = new Promise((resolve, reject) => {
    audio.addEventListener("error", () =>
      reject(new Error(`${url}: error ${audio.error.code} ${audio.error.message}`)),
    );
  });
  const until = (event, condition = () => true) => {
    const reached = new Promise((resolve) => {
      const check = () => condition() && resolve();
      audio.addEventListener(event, check);
      check();
    });
    const late = new Promise((resolve, reject) =>
      setTimeout(
        () => reject(new Error(`${url}: waited for ${event}; at ${audio.currentTime}`)),
        60000,
      ),
    );
    return Promise.race([reached, fail, late]);
  };
  fail.catch(() => {});
  if (crossOrigin) {
    audio.crossOrigin = "anonymous";
  }
  audio.src = url;
  document.body.append(audio);
  await until("loadedmetadata", () => audio.readyState >= 1);
  await until("durationchange", () => Number.isFinite(audio.duration));
  seen.duration = audio.duration;
  await audio.play();
  await until("timeupdate", () => audio.currentTime > 0.5);
  seen.playedTo = audio.currentTime;
  audio.currentTime = seekTo;
  await until("seeked", () => !audio.seeking && audio.currentTime >= seekTo);
  seen.soughtTo = audio.currentTime;
  await until("timeupdate", () => audio.currentTime > seekTo + 0.3);
  seen.playedOnTo = audio.currentTime;
  audio.currentTime = 5;
  await until("seeked", () => !audio.seeking && audio.currentTime < seekTo);
  seen.backTo = audio.currentTime;
  await until("timeupdate", () => audio.currentTime > 5.2);
  audio.currentTime = audio.duration - 0.4;
  await until("ended", () => audio.ended);
  seen.endedAt = audio.currentTime;
  return { ...seen, error: audio.error?.message ?? null };
}

function check(seen) {
  assert.equal(seen.error, null);
  assert.ok(Math.abs(seen.duration - seconds) <= 0.1, `duration ${seen.duration}`);
  assert.ok(seen.playedTo > 0.5 && seen.playedTo < 30, `played to ${seen.playedTo}`);
  assert.ok(seen.soughtTo >= 45 && seen.soughtTo < 55, `sought to ${seen.soughtTo}`);
  assert.ok(seen.playedOnTo > seen.soughtTo - 0.1, `played on to ${seen.playedOnTo}`);
  assert.ok(seen.backTo >= 4.9 && seen.backTo < 40, `back to ${seen.backTo}`);
  assert.ok(Math.abs(seen.endedAt - seconds) <= 0.2, `ended at ${seen.endedAt}`);
}

async function play(path, options = {}) {
  return withPage(async (page) => {
    const complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(origin);
    const url = `${server.url}${path}`;
    const seen = await page.evaluate(listen, { url, seekTo: 45, ...options });
    assert.deepEqual(complaints, [], "nothing on the console");
    return seen;
  });
}

for (const format of ["ogg", "wav"]) {
  test(`a new 60 s ${format} plays and seeks`, async () => {
    check(await play(`/scream.${format}?preset=banshee&seed=61&duration=60`));
  });

  test(`a 60 s ${format} that is there already plays and seeks, with CORS`, async () => {
    const path = `/scream.${format}?preset=robot&seed=62&duration=60&bitrate=256000&channels=1`;
    const { status } = await server.get(path);
    assert.equal(status, 200);
    check(await play(path, { crossOrigin: true }));
  });
}

test("one listener of a 60 s scream costs one render", async () => {
  const before = await server.metrics();
  check(await play("/scream.ogg?preset=classic&seed=63&duration=60"));
  const after = await server.metrics();
  const renders = (metrics) => metrics.sum("scream_renders_total", { format: "ogg" });
  assert.equal(renders(after) - renders(before), 1, "for all the requests a browser makes");
});

test("what plays is what decodes: 144000 samples in the browser's own decoder", async () => {
  const seen = await withPage(async (page) => {
    await page.goto(origin);
    return page.evaluate(async (base) => {
      const context = new OfflineAudioContext(2, 48000, 48000);
      const results = {};
      for (const format of ["ogg", "wav"]) {
        const answer = await fetch(`${base}/scream.${format}?preset=classic&seed=5`);
        const decoded = await context.decodeAudioData(await answer.arrayBuffer());
        results[format] = {
          samples: decoded.length,
          channels: decoded.numberOfChannels,
          seed: answer.headers.get("X-Scream-Seed"),
          location: answer.headers.get("ETag") !== null,
        };
      }
      return results;
    }, server.url);
  });
  const wanted = { samples: 144000, channels: 2, seed: "5", location: true };
  assert.deepEqual(seen, { ogg: wanted, wav: wanted });
});

test("a random scream plays to its end", async () => {
  const seen = await withPage(async (page) => {
    await page.goto(origin);
    return page.evaluate(async (url) => {
      const audio = new Audio(url);
      document.body.append(audio);
      const ended = new Promise((resolve, reject) => {
        audio.addEventListener("ended", resolve);
        audio.addEventListener("error", () => reject(new Error(audio.error.message)));
        setTimeout(() => reject(new Error(`still at ${audio.currentTime}`)), 60000);
      });
      await audio.play();
      await ended;
      return audio.currentTime;
    }, `${server.url}/scream.ogg?duration=1`);
  });
  assert.ok(Math.abs(seen - 1) < 0.1, `ended at ${seen}`);
});
