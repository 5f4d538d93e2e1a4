/*
 * tests/e2e/descriptors.test.mjs - how many open files a server needs, and what it inherits.
 * Aim:    the number in the sentence is true: with exactly so many, every connection is served and
 *         the next ones are refused with 503; with one less the start ends with 78. What a parent
 *         left open is closed, and counts for nothing.
 * Method: prlimit sets the hard limit; the server says what it needs; /proc is the judge.
 */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { get } from "./support/http.mjs";
import { Metrics } from "./support/metrics.mjs";
import { RawClient } from "./support/raw.mjs";
import { binary, environment, useServer } from "./support/server.mjs";
import { makeFolder, removeFolder, run } from "./support/tools.mjs";
import { pooled, waitFor } from "./support/wait.mjs";

const stream = "/scream.wav?preset=robot&seed=1&duration=60";
const limited = (files) => ["prlimit", `--nofile=${files}:${files}`];

/** Starts a server that must not come up; its exit code and sentence. */
function refuse(files, settings) {
  const [program, ...words] = [...limited(files), binary, "serve"];
  return run(program, words, { env: environment({ SCREAM_HTTP_PORT: "0", ...settings }) });
}

/** How many files a configuration needs, by its own word. */
async function neededBy(settings) {
  const { code, stderr } = await refuse(20, settings);
  assert.equal(code, 78, stderr);
  const said = / connections need (\d+) open files, but the hard limit is 20; raise it \(.*\)\n$/;
  const found = said.exec(stderr);
  assert.ok(found, stderr);
  return Number(found[1]);
}

/** Takes a place with a response that stays open. */
async function hold(port) {
  const client = await RawClient.connect(port);
  const head = await client.get(stream).head();
  return { client, status: head.status };
}

const openFiles = (server) => readdirSync(`/proc/${server.child.pid}/fd`).map(Number);

for (const admin of [undefined, "0"]) {
  const kind = admin === undefined ? "one port" : "an admin port";
  test(`with ${kind}: exactly enough serves all, one less says so`, async (t) => {
    const places = 40;
    const settings = { SCREAM_MAX_CONNECTIONS: `${places}` };
    if (admin !== undefined) {
      settings.SCREAM_ADMIN_PORT = admin;
    }
    const needed = await neededBy(settings);
    const { code, stderr } = await refuse(needed - 1, settings);
    assert.equal(code, 78, stderr);
    assert.match(stderr, new RegExp(`${places} connections need ${needed} open files, but`));
    const advice = `or lower SCREAM_MAX_CONNECTIONS to ${places - 1}\n`;
    assert.ok(stderr.endsWith(`; raise it (ulimit -n, LimitNOFILE=) ${advice}`), stderr);

    const server = await useServer(t, { settings, front: limited(needed) });
    const side = admin === undefined ? null : await server.adminPort();
    const held = await Promise.all(Array.from({ length: places }, () => hold(server.port)));
    assert.deepEqual(held.map(({ status }) => status), Array(places).fill(200));
    /* More at once than may linger, and each of them reads its answer. */
    const late = await Promise.all(Array.from({ length: 100 }, () => hold(server.port)));
    assert.deepEqual(late.map(({ status }) => status), Array(100).fill(503));
    assert.ok(openFiles(server).length <= needed);
    if (side !== null) {
      const guests = await Promise.all(Array.from({ length: 16 }, () => RawClient.connect(side)));
      for (const guest of guests) {
        const head = await guest.get("/metrics").head();
        assert.equal(head.status, 200);
        const metrics = new Metrics((await guest.body(head)).toString());
        assert.ok(metrics.sum("process_open_fds") > 0, "a file of /proc could be read");
      }
      const more = await Promise.all(Array.from({ length: 80 }, () => RawClient.connect(side)));
      for (const one of more) {
        assert.equal((await one.head({ by: "server" })).status, 503);
      }
      assert.ok(openFiles(server).length <= needed);
      [...guests, ...more].forEach((one) => one.close());
    }
    const starved = server.logs().filter((line) => /cannot accept|no descriptor/.test(line.msg));
    assert.deepEqual(starved, [], "no descriptor was missing");
    for (const { client } of [...held, ...late]) {
      client.close();
    }
    const back = await waitFor(async () => {
      const one = await hold(server.port);
      one.client.close();
      return one.status === 200;
    }, "a free place");
    assert.ok(back);
  });
}

/* Numbers from 3 to 60, opened by a shell that becomes the server. */
const leaky = [
  "bash",
  "-c",
  'for i in $(seq 3 60); do eval "exec $i</dev/null"; done; exec "$0" "$@"',
];

test("what a parent left open is closed, and takes nothing from the limit", async (t) => {
  const settings = { SCREAM_MAX_CONNECTIONS: "16" };
  const needed = await neededBy(settings);
  const server = await useServer(t, { settings, front: [...limited(needed), ...leaky] });
  const used = openFiles(server);
  assert.ok(Math.max(...used) < 40, `the numbers are low: ${used}`);
  const held = await pooled(
    Array.from({ length: 16 }, () => () => hold(server.port)),
    16,
  );
  assert.deepEqual(held.map(({ status }) => status), Array(16).fill(200));
  held.forEach(({ client }) => client.close());
});

test("a configuration may come from a descriptor or a process", async (t) => {
  const folder = await makeFolder();
  t.after(() => removeFolder(folder));
  const file = join(folder, "scream.yaml");
  writeFileSync(file, "http_port: 0\nmax_duration: 7s\nlog_format: json\n");
  const ways = [
    ["a descriptor", `exec "$0" "$@" --config /dev/fd/9 9<"${file}"`],
    ["a process", `exec "$0" "$@" --config <(cat "${file}")`],
    ["standard input", `exec "$0" "$@" --config /dev/stdin <"${file}"`],
  ];
  for (const [way, script] of ways) {
    await t.test(way, async (inner) => {
      const server = await useServer(inner, { front: ["bash", "-c", script] });
      const answer = await get(server.port, "/scream.ogg?seed=1&duration=8");
      assert.equal(answer.status, 400, "max_duration of the file");
      assert.match(answer.body.toString(), /0\.05 to 7/);
      assert.ok(Math.max(...openFiles(server)) < 40);
    });
  }
});
