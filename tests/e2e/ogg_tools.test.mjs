/*
 * tests/e2e/ogg_tools.test.mjs - what other people's tools say of our files.
 * Aim:    opusinfo, oggz-validate, ffprobe and opusdec find nothing wrong, and every decoder gets
 *         exactly the samples that were asked for.
 * Method: every preset, several durations (edges of packets and pages among them), both channel
 *         counts and several bit rates, fetched over HTTP and given to the tools.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { samplesOf } from "./support/samples.mjs";
import { endServer, startServer } from "./support/server.mjs";
import { makeFolder, removeFolder, tool } from "./support/tools.mjs";
import { pooled } from "./support/wait.mjs";

const presets = ["classic", "whisper", "death-metal", "glitch", "banshee", "robot", "random"];
/* The shortest; a whole number of packets; with pre-skip exactly so; one sample on each side. */
const durations = ["0.05", "0.3", "0.9975", "0.997479167", "0.997520834", "3", "7.0123"];
const rates = [16000, 64400, 96000, 256000];
let server;
let folder;

before(async () => {
  server = await startServer({ settings: { SCREAM_ARENA_BYTES: "64MiB" } });
  folder = await makeFolder();
});
after(() => endServer(server));
after(() => removeFolder(folder));

/* Every preset meets every duration; channels and rates go round so that all pairs occur. */
function cases() {
  const list = [];
  for (const [i, preset] of presets.entries()) {
    for (const [j, duration] of durations.entries()) {
      for (const channels of [1, 2]) {
        const bitrate = rates[(i + j + 2 * channels) % rates.length];
        list.push({ preset, duration, channels, bitrate });
      }
    }
  }
  for (const bitrate of rates) {
    for (const channels of [1, 2]) {
      list.push({ preset: "classic", duration: "1.1", channels, bitrate });
    }
  }
  return list;
}

async function fetched(list) {
  return pooled(
    list.map((one, i) => async () => {
      const query = new URLSearchParams({ seed: String(i), ...one });
      const answer = await server.get(`/scream.ogg?${query}`);
      assert.equal(answer.status, 200, answer.body.toString());
      const path = join(folder, `${i}.ogg`);
      await writeFile(path, answer.body);
      return { ...one, path, bytes: answer.body.length, query: String(query) };
    }),
    4,
  );
}

/* Length in samples as ffprobe sees it, its complaints, and the stream's facts. */
async function probe(file) {
  const result = await tool("ffprobe", [
    ...["-v", "warning", "-show_streams", "-show_format", "-of", "json", file.path],
  ]);
  assert.equal(result.stderr, "", `ffprobe complains of ${file.query}`);
  const { streams, format } = JSON.parse(result.text);
  assert.equal(streams.length, 1);
  return { stream: streams[0], format };
}

/* opusdec writes bare samples to a pipe, here of two channels. */
async function decode(file) {
  const args = ["--quiet", "--no-dither", "--rate", "48000", "--force-stereo", file.path, "-"];
  const result = await tool("opusdec", args, { timeoutMs: 60000 });
  assert.equal(result.stderr.trim(), "", `opusdec complains of ${file.query}`);
  return result.stdout;
}

test("opusinfo, oggz-validate, ffprobe and opusdec find nothing wrong", async (t) => {
  const files = await fetched(cases());
  assert.ok(files.length > 100);
  const paths = files.map((file) => file.path);

  await t.test("opusinfo", async () => {
    const { text, stderr } = await tool("opusinfo", paths);
    const said = text + stderr;
    const bad = /warning|error|corrupt|invalid|hole|unexpected/i;
    assert.doesNotMatch(said, bad, said.slice(0, 4000));
    const lengths = [...said.matchAll(/Playback length: (\d+)m:([0-9.]+)s/g)];
    assert.equal(lengths.length, files.length);
    for (const [i, file] of files.entries()) {
      const seconds = Number(lengths[i][1]) * 60 + Number(lengths[i][2]);
      assert.ok(Math.abs(seconds - Number(file.duration)) < 0.0011, `${file.query}: ${seconds}`);
    }
  });

  await t.test("oggz-validate", async () => {
    const { text, stderr } = await tool("oggz-validate", paths);
    assert.doesNotMatch(text + stderr, /error|serialno|granulepos|missing|out of order/i);
  });

  await t.test("ffprobe", async () => {
    await pooled(
      files.map((file) => async () => {
        const { stream, format } = await probe(file);
        assert.equal(stream.codec_name, "opus");
        assert.equal(stream.channels, file.channels);
        assert.equal(stream.sample_rate, "48000");
        assert.equal(format.format_name, "ogg");
        assert.equal(Number(format.size), file.bytes);
        const counted = stream.duration_ts - (stream.initial_padding ?? 0);
        const samples = samplesOf(file.duration);
        /* ffprobe counts the pre-skip in or out, depending on its version. */
        assert.ok([samples, samples + 120].includes(counted), `${file.query}: ${counted}`);
      }),
      2,
    );
  });

  await t.test("opusdec gives exactly the samples asked for", async () => {
    await pooled(
      files.map((file) => async () => {
        const samples = (await decode(file)).length / 4;
        assert.equal(samples, samplesOf(file.duration), file.query);
      }),
      2,
    );
  });
});

test("three seconds decode to 144000 samples in ffmpeg and opusdec", async () => {
  const [file] = await fetched([
    { preset: "classic", duration: "3", channels: 2, bitrate: 96000, seed: "5" },
  ]);
  assert.equal((await decode(file)).length, 144000 * 4);
  const raw = await tool("ffmpeg", [
    ...["-v", "warning", "-i", file.path, "-f", "s16le", "-c:a", "pcm_s16le", "-"],
  ]);
  assert.equal(raw.stderr, "");
  assert.equal(raw.stdout.length, 144000 * 4);
});

test("both channels of stereo are equal after decoding", async () => {
  const [file] = await fetched([
    { preset: "banshee", duration: "1", channels: 2, bitrate: 96000, seed: "8" },
  ]);
  const data = await decode(file);
  for (let at = 0; at < data.length; at += 4) {
    assert.equal(data.readInt16LE(at), data.readInt16LE(at + 2));
  }
});

test("the decoded Opus is the WAV of the same address, with a codec between", async () => {
  const query = "preset=robot&seed=4&duration=2&channels=1&bitrate=256000";
  const [ogg, wav] = await Promise.all([
    server.get(`/scream.ogg?${query}`),
    server.get(`/scream.wav?${query}`),
  ]);
  const path = join(folder, "compared.ogg");
  await writeFile(path, ogg.body);
  const { stdout } = await tool("ffmpeg", [
    ...["-v", "error", "-i", path, "-f", "s16le", "-c:a", "pcm_s16le", "-"],
  ]);
  const original = wav.body.subarray(44);
  assert.equal(stdout.length, original.length);
  let signal = 0;
  let noise = 0;
  for (let at = 0; at < original.length; at += 2) {
    const sample = original.readInt16LE(at);
    signal += sample * sample;
    noise += (sample - stdout.readInt16LE(at)) ** 2;
  }
  /* A wrong pre-skip of even one millisecond would leave no correlation at all. */
  assert.ok(10 * Math.log10(signal / noise) > 3, `${10 * Math.log10(signal / noise)} dB`);
});
