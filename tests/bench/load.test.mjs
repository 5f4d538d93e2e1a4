/*
 * tests/bench/load.test.mjs - what lies between the load client and the figures.
 * Aim:    things to be compared take turns; the client is asked what the part said, an answer that
 *         is missing breaks the part off, and CPU time is told per answer.
 * Method: a made-up bench_load that prints its own words; no server, no load.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { hold, load, opusLoops } from "../../bench/load/client.mjs";
import { clientNote, inTurn } from "../../bench/load/runs.mjs";
import { freshSeeds, scream } from "../../bench/load/subject.mjs";

const folder = mkdtempSync(path.join(os.tmpdir(), "scream-load-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const context = { buildFolder: folder };
const server = { port: 7, pids: [1, 2] };

function program(name, text) {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

const books = (more) =>
  JSON.stringify({
    asked: 10,
    answered: 10,
    failed: 0,
    seconds: 2,
    server_cpu_us: 500,
    client_cpu_us: 1e6,
    ...more,
  });

test("tasks take turns, and each round begins with another one", async () => {
  const order = [];
  const task = (name) => async (round) => {
    order.push(name);
    return `${name}${round}`;
  };
  const results = await inTurn(3, { a: task("a"), b: task("b") });
  assert.deepEqual(order, ["a", "b", "b", "a", "a", "b"]);
  assert.deepEqual(results, { a: ["a0", "a1", "a2"], b: ["b0", "b1", "b2"] });
});

test("the client is asked what the part said", async () => {
  program("bench_load", `echo "$@" >"$0.words"\necho '${books()}'`);
  const run = await load(context, server, {
    target: ["/a", "/b"],
    keep: true,
    playBytes: 5,
    seconds: 1,
  });
  assert.equal(
    readFileSync(path.join(folder, "bench_load.words"), "utf8").trim(),
    "--port 7 --pid 1 --pid 2 --target /a --target /b --keep --play-bytes 5 --seconds 1",
  );
  assert.equal(run.cpuUs, 50);
  assert.equal(run.perSecond, 5);
  assert.equal(run.clientShare, 0.5);
  assert.match(clientNote([run]), /took 50 % of one$/);
});

test("an answer that is missing breaks the part off, unless it may", async () => {
  program("bench_load", `echo '${books({ answered: 9, failed: 1 })}'`);
  const options = { target: "/a", seconds: 1 };
  await assert.rejects(load(context, server, options), /1 of 10 requests failed/);
  assert.equal((await load(context, server, { ...options, mayFail: true })).failed, 1);
});

test("a client that could not start breaks the part off", async () => {
  program("bench_load", "exit 64");
  await assert.rejects(load(context, server, { target: "/a", seconds: 1 }), /ended with 64/);
  const held = hold(context, server, { target: "/a", seconds: 1 });
  await assert.rejects(held, /before it stood still/);
});

test("who holds connections is there until told to go", async () => {
  program("bench_load", `echo '${books()}'\nexec sleep 60`);
  const crowd = await hold(context, server, { target: "/a", connections: 3, seconds: 1 });
  assert.equal(crowd.run.answered, 10);
  await crowd.leave();
});

test("loops at once are added up", async () => {
  program("bench_opus_loop", `echo '{"screams":100,"cpu_us":300000,"seconds":0.5}'`);
  const loops = await opusLoops(context, "bare", { count: 2, seconds: 1, nice: 5 });
  assert.deepEqual(loops, { cpuUs: 3000, perSecond: 400 });
});

test("no seed is given out twice, and all have as many digits", () => {
  const first = freshSeeds(10_000);
  assert.equal(freshSeeds(1), first + 10_000);
  assert.equal(String(first).length, 10);
  assert.equal(scream(first, { format: "wav" }), `/scream.wav?preset=classic&seed=${first}`);
});
