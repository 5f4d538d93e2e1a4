/*
 * tests/e2e/wav.test.mjs - the WAV address: header, samples, frozen sounds.
 * Aim:    a sound is bit for bit the one that its epoch promises; every header field is exact.
 * Method: FNV-1a-64 of the data against tests/vectors/sound_hashes.csv, all rows of presets as they
 *         are; the header read field by field.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { samplesOf } from "./support/samples.mjs";
import { endServer, root, startServer } from "./support/server.mjs";
import { makeFolder, removeFolder, scream, tool } from "./support/tools.mjs";
import { fnv1a64, readWav } from "./support/wav.mjs";

const frozen = join(root, "tests", "vectors", "sound_hashes.csv");
let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

test("fnv1a64 knows its published values", () => {
  assert.equal(fnv1a64(Buffer.from("")), "cbf29ce484222325");
  assert.equal(fnv1a64(Buffer.from("a")), "af63dc4c8601ec8c");
  assert.equal(fnv1a64(Buffer.from("foobar")), "85944171f73967e8");
});

test("every preset hashes as sound_hashes.csv has it", async () => {
  const [names, ...lines] = readFileSync(frozen, "utf8").trim().split("\n");
  const columns = names.split(",");
  const cellsOf = (line) =>
    Object.fromEntries(line.split(",").map((text, i) => [columns[i], text]));
  const rows = lines.map(cellsOf).filter((row) => row.overrides === "");
  assert.ok(rows.length >= 18, "both finishes of all presets");
  for (const row of rows) {
    const cell = (name) => row[name];
    const finish = cell("finish");
    const query = `preset=${cell("preset")}&seed=${cell("seed")}&finish=${finish}&channels=1`;
    const { status, body } = await server.get(`/scream.wav?${query}`);
    assert.equal(status, 200, body.toString());
    const { data } = readWav(body);
    assert.equal(data.length, Number(cell("samples")) * 2, query);
    assert.equal(fnv1a64(data), cell("fnv1a64_s16_mono"), query);
  }
});

test("the header is exact, for one and two channels", async () => {
  for (const channels of [1, 2]) {
    const path = `/scream.wav?preset=robot&seed=2&duration=0.3217&channels=${channels}`;
    const { body, headers } = await server.get(path);
    const { data, ...header } = readWav(body);
    const dataBytes = samplesOf("0.3217") * 2 * channels;
    assert.deepEqual(header, {
      riff: "RIFF",
      riffBytes: 36 + dataBytes,
      wave: "WAVE",
      format: "fmt ",
      formatBytes: 16,
      coding: 1,
      channels,
      rate: 48000,
      bytesPerSecond: 96000 * channels,
      bytesPerFrame: 2 * channels,
      bits: 16,
      dataName: "data",
      dataBytes,
    });
    assert.equal(data.length, dataBytes);
    assert.equal(headers["content-type"], "audio/wav");
    assert.equal(headers["content-disposition"], 'inline; filename="scream-robot-2.wav"');
  }
});

test("WAV is always chunked, first and second time, and never stored", async () => {
  const before = await server.metrics();
  const first = await server.get("/scream.wav?preset=classic&seed=31");
  const second = await server.get("/scream.wav?preset=classic&seed=31");
  assert.ok(first.chunked && second.chunked);
  assert.deepEqual(first.body, second.body);
  const metrics = await server.metrics();
  const held = (read) => read.sum("scream_arena_extents_used");
  assert.equal(held(metrics), held(before), "no place in the arena");
});

test("mono holds the samples of each channel of stereo", async () => {
  const query = "preset=banshee&seed=6&duration=0.5";
  const mono = (await server.get(`/scream.wav?${query}&channels=1`)).body.subarray(44);
  const stereo = (await server.get(`/scream.wav?${query}&channels=2`)).body.subarray(44);
  assert.equal(stereo.length, 2 * mono.length);
  for (let at = 0; at < mono.length; at += 2) {
    assert.equal(stereo.readInt16LE(2 * at), mono.readInt16LE(at));
    assert.equal(stereo.readInt16LE(2 * at + 2), mono.readInt16LE(at));
  }
});

test("the bit rate of Ogg does not change the samples", async () => {
  const query = "preset=banshee&seed=6&duration=0.5";
  const plain = await server.get(`/scream.wav?${query}`);
  const other = await server.get(`/scream.wav?${query}&bitrate=16000`);
  assert.deepEqual(other.body, plain.body);
});

test("ffprobe and the terminal agree", async (t) => {
  const folder = await makeFolder();
  t.after(() => removeFolder(folder));
  const args = ["--preset", "glitch", "--seed", "77", "--duration", "1s"];
  const { stdout, code, stderr } = await scream(["generate", "-o", "-", "--format=wav", ...args]);
  assert.equal(code, 0, stderr);
  const { body } = await server.get("/scream.wav?preset=glitch&seed=77&duration=1");
  assert.deepEqual(stdout, body);
  const path = join(folder, "probed.wav");
  await writeFile(path, body);
  const wanted = ["-v", "warning", "-show_streams", "-of", "json", path];
  const probed = await tool("ffprobe", wanted);
  assert.equal(probed.stderr, "");
  const [stream] = JSON.parse(probed.text).streams;
  assert.equal(stream.codec_name, "pcm_s16le");
  assert.equal(stream.duration_ts, 48000);
});

test("any override of the engine is another sound, and the same one twice", async () => {
  const base = "preset=classic&seed=1&duration=0.2";
  const overrides = ["primary_base_hz=900", "burst_amp=1", "crush_bits=2", "boost_db=-3"];
  const seen = new Set([fnv1a64((await server.get(`/scream.wav?${base}`)).body)]);
  for (const override of overrides) {
    const one = await server.get(`/scream.wav?${base}&${override}`);
    const two = await server.get(`/scream.wav?${override}&${base}`);
    assert.deepEqual(one.body, two.body, "the order in the query does not matter");
    seen.add(fnv1a64(one.body));
  }
  assert.equal(seen.size, overrides.length + 1);
});
