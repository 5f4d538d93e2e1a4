/*
 * tests/e2e/problems.test.mjs - every row of the error table, provoked and read.
 * Aim:    each error has a status, a problem document that reads well, and a page that explains it.
 * Method: the rows are read from core/base/error_table.h, so a new row without a provocation here
 *         fails; what no client can cause is provoked where it lives, and named.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { head, problemOf, request } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import {
  binary,
  endServer,
  environment,
  root,
  startServer,
  useServer,
} from "./support/server.mjs";
import { run, scream } from "./support/tools.mjs";
import { waitFor } from "./support/wait.mjs";

const rows = [
  ...readFileSync(`${root}core/base/error_table.h`, "utf8").matchAll(
    /^X\((\w+), "([a-z-]+)", (\w+),\s*"([^"]+)"\)/gm,
  ),
].map(([, id, name, kind, sentence]) => ({ id, name, kind, sentence }));

let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

const ask = (path, headers) => () => server.get(path, { headers });
const long = `/scream.ogg?seed=${"x".repeat(3000)}`;
const many = Array(49).fill("volume=1").join("&");

/* Provocations over HTTP: status, and what the document must hold beside. */
const provocations = {
  "unknown-parameter": [400, ask("/scream.ogg?duratoin=3"), /duration/],
  "repeated-parameter": [400, ask("/scream.ogg?seed=1&seed=2"), /seed/],
  "malformed-value": [400, ask("/scream.ogg?duration=soon"), /soon.*3s/s],
  "value-out-of-range": [400, ask("/scream.ogg?channels=3"), /1 to 2/],
  "unknown-preset": [400, ask("/scream.ogg?preset=banshe"), /banshee/],
  "malformed-query": [400, ask("/scream.ogg?seed=%zz"), /decoded/],
  "too-many-parameters": [400, ask(`/scream.ogg?${many}`), /48/],
  "uri-too-long": [414, ask(long), /2,048/],
  "unexpected-body": [
    400,
    () => request(server.port, "GET", "/presets", { headers: { "Content-Length": 2 }, body: "{}" }),
    /body/,
  ],
  "malformed-header": [400, () => twoLengths(), /header/],
  "too-many-headers": [431, () => raw("GET /presets HTTP/1.1", "A: b\r\n".repeat(64)), /64/],
  "http-version-not-supported": [505, () => raw("GET /presets HTTP/1.2"), /HTTP\/1\.0/],
  "expectation-failed": [417, () => raw("GET /presets HTTP/1.1", "Expect: 200-ok\r\n"), /100-/],
  "too-many-requests": [429, (t) => tooOften(t), /can pass in \d+ s/],
  "too-many-at-once": [429, (t) => tooMuch(t), /has to end first/],
  "range-not-satisfiable": [
    416,
    ask("/scream.ogg?preset=classic&seed=1", { Range: "bytes=9999999-" }),
    /beyond/,
  ],
  "precondition-failed": [412, ask("/presets", { "If-Match": '"x"' }), /If-Match/],
  "not-found": [404, ask("/scream.og"), /\/scream\.ogg/],
  "method-not-allowed": [405, () => request(server.port, "POST", "/scream.ogg"), /method/],
  "method-not-implemented": [501, () => raw("BREW /scream.ogg HTTP/1.1"), /method/],
  "not-acceptable": [406, ask("/scream", { Accept: "image/png" }), /audio\/ogg/],
  "scream-too-large": [400, (t) => tooLarge(t), /SCREAM_ARENA_BYTES/],
  "arena-full": [503, (t) => fullArena(t), /memory/],
  "too-many-connections": [503, (t) => fullHouse(t), /connection/],
  "not-ready": [503, (t) => draining(t), /stopping/],
};

/* An answer to bytes that Node's client would not send. */
async function raw(line, headers = "", port = server.port) {
  const client = await RawClient.connect(port);
  client.send(`${line}\r\nHost: localhost\r\n${headers}\r\n`);
  const { status, headers: answered } = await client.head();
  const body = await client.body({ headers: answered });
  client.close();
  return { status, headers: answered, body };
}

const twoLengths = () =>
  raw("GET /presets HTTP/1.1", "Content-Length: 0\r\nContent-Length: 0\r\n");

async function tooLarge(t) {
  const small = await useServer(t, { settings: { SCREAM_ARENA_BYTES: "1MiB" } });
  return small.get("/scream.ogg?preset=classic&seed=1&duration=60&bitrate=256000");
}

/* One listener holds 948 of 1,024 extents. */
async function fullArena(t) {
  const small = await useServer(t, { settings: { SCREAM_ARENA_BYTES: "1MiB" } });
  const open = await RawClient.connect(small.port);
  open.get("/scream.ogg?preset=classic&seed=1&duration=30&bitrate=256000");
  assert.equal((await open.head()).status, 200);
  const answer = await small.get("/scream.ogg?preset=classic&seed=1&duration=20");
  open.close();
  return answer;
}

/* Loopback has no limits, but whom a proxy there speaks for does. */
const guest = { headers: { "X-Forwarded-For": "192.0.2.7" } };

async function tooOften(t) {
  const settings = { SCREAM_RATE: "0.01", SCREAM_RATE_BURST: "1" };
  const small = await useServer(t, {
    settings: { ...settings, SCREAM_TRUSTED_PROXIES: "127.0.0.1" },
  });
  assert.equal((await small.get("/presets", guest)).status, 200);
  const answer = await small.get("/presets", guest);
  assert.ok(Number(answer.headers["retry-after"]) > 90, answer.headers["retry-after"]);
  assert.equal((await small.get("/presets")).status, 200, "nobody else is slowed down");
  return answer;
}

async function tooMuch(t) {
  const small = await useServer(t, {
    settings: { SCREAM_MAX_PER_ADDRESS: "1", SCREAM_TRUSTED_PROXIES: "127.0.0.1" },
  });
  const open = await RawClient.connect(small.port);
  open.get("/scream.wav?preset=classic&duration=60", guest.headers);
  assert.equal((await open.head()).status, 200);
  const answer = await small.get("/presets", guest);
  open.close();
  return answer;
}

async function fullHouse(t) {
  const small = await useServer(t, { settings: { SCREAM_MAX_CONNECTIONS: "8" } });
  const guests = await Promise.all(Array.from({ length: 8 }, () => RawClient.connect(small.port)));
  t.after(() => guests.forEach((guest) => guest.close()));
  /* The kernel has said yes to them; now the acceptor must have, too. */
  for (const guest of guests) {
    assert.equal((await guest.get("/livez").head()).status, 200);
  }
  const client = await RawClient.connect(small.port);
  const { status, headers } = await client.head();
  const body = await client.body({ headers });
  client.close();
  return { status, headers, body };
}

async function draining(t) {
  const other = await useServer(t, { settings: { SCREAM_DRAIN_DELAY: "3600s" } });
  other.kill("SIGTERM");
  await waitFor(() => other.stderr.includes("stopping"), "the first signal");
  return other.get("/readyz");
}

/* What only our own mistakes, a machine without memory or a broken library can cause. */
const elsewhere = {
  "pool-full": "tests/unit/job/pcm_stream_test.c",
  "no-space": "tests/unit/codec/opus_encoder_test.c",
  "codec-failed": "tests/unit/codec/opus_encoder_test.c",
  "crypto-failed": "tests/unit/base/error_test.c",
  "internal-error": "tests/api/problem_test.c",
};

function checkDocument(row, status, answer, wanted) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.headers["access-control-allow-origin"], "*");
  const problem = problemOf(answer);
  assert.equal(problem.type, `/problems/${row.name}`);
  assert.equal(problem.title, row.sentence);
  assert.equal(problem.status, status);
  assert.match(JSON.stringify(problem), wanted);
  if (row.name !== "too-many-connections") {
    assert.equal(problem.requestId, answer.headers["x-request-id"]);
    assert.match(problem.instance, /^\//);
  }
  assert.equal(status === 503 || status === 429, answer.headers["retry-after"] !== undefined);
  if (["unknown-parameter", "repeated-parameter", "malformed-value"].includes(row.name)) {
    assert.equal(problem.errors.length, 1);
    assert.ok(problem.errors[0].parameter && problem.errors[0].detail);
  }
}

test("the table has rows, and all of them have a place here", () => {
  assert.ok(rows.length > 20);
  const known = [...Object.keys(provocations), ...Object.keys(elsewhere)];
  known.push("out-of-memory", "io-failed");
  assert.deepEqual(rows.map((row) => row.name).sort(), known.sort());
});

for (const row of rows) {
  if (provocations[row.name]) {
    test(`${row.name} is provoked over HTTP`, async (t) => {
      const [status, provoke, wanted] = provocations[row.name];
      checkDocument(row, status, await provoke(t), wanted);
    });
  }

  test(`${row.name} has a page, for programs and for people`, async () => {
    const asJson = await server.get(`/problems/${row.name}`);
    assert.equal(asJson.status, 200);
    assert.equal(asJson.headers["content-type"], "application/json");
    const page = JSON.parse(asJson.body);
    assert.equal(page.name, row.name);
    assert.equal(page.title, row.sentence);
    assert.match(row.sentence, /^[A-Z].*\.$/, "a whole sentence");
    assert.ok(page.advice.length > 20);
    assert.ok(page.status >= 400 && page.status <= 599);
    const asHtml = await server.get(`/problems/${row.name}`, { headers: { Accept: "text/html" } });
    assert.equal(asHtml.headers["content-type"], "text/html; charset=utf-8");
    assert.match(asHtml.headers["content-security-policy"], /default-src 'none'/);
    assert.ok(asHtml.body.toString().includes(row.sentence));
    assert.equal(asHtml.headers.vary, "Accept");
  });
}

test("io-failed: an address that is not ours stops the start with its reason", async () => {
  const { code, stderr } = await scream(["serve"], {
    settings: { SCREAM_HTTP_ADDR: "203.0.113.1", SCREAM_HTTP_PORT: "0" },
  });
  assert.equal(code, 69);
  assert.match(stderr, /cannot listen on 203\.0\.113\.1/);
});

test("out-of-memory: a machine that has not got it stops the start with a sentence", async () => {
  const script = 'ulimit -v 600000; exec "$0" serve';
  const { code, stderr } = await run("bash", ["-c", script, binary], {
    env: environment({ SCREAM_HTTP_PORT: "0", SCREAM_ARENA_BYTES: "4GiB" }),
  });
  assert.ok(code === 69 || code === 78, `exit ${code}: ${stderr}`);
  assert.match(stderr, /memory/i);
});

test("the rest is provoked where it lives", () => {
  for (const [name, file] of Object.entries(elsewhere)) {
    const { id } = rows.find((row) => row.name === name);
    assert.ok(existsSync(root + file), file);
    const text = readFileSync(root + file, "utf8");
    const covers = text.includes(`SCR_ERR_${id}`) || text.includes("error_table.h");
    assert.ok(covers || text.includes("SCR_ERR_COUNT"), `${file} does not name ${id}`);
  }
});

test("HEAD of a problem has its headers and no body", async () => {
  const answer = await head(server.port, "/scream.ogg?channels=3");
  assert.equal(answer.status, 400);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.ok(Number(answer.headers["content-length"]) > 0);
  assert.equal(answer.body.length, 0);
});

test("an unknown problem is a problem", async () => {
  const answer = await server.get("/problems/no-such-thing");
  assert.equal(answer.status, 404);
  assert.equal(problemOf(answer).type, "/problems/not-found");
});
