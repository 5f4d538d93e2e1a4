/*
 * tests/e2e/hostile.test.mjs - bytes of people who mean no good, or typed badly.
 * Aim:    each gets a clear 400 that names what is wrong, or is answered as it is meant; nothing
 *         of it harms the next request, the log or the terminal.
 * Method: a list of values for each kind of parameter; raw sockets for what no client would send;
 *         seeded random queries, whose seed is printed.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { problemOf } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import { endServer, startServer } from "./support/server.mjs";
import { pooled } from "./support/wait.mjs";

let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

/* The query goes out as it is: Node's client would refuse or repair some of it. */
async function ask(query) {
  const client = await RawClient.connect(server.port);
  try {
    client.send(Buffer.from(`GET /scream.wav?${query} HTTP/1.1\r\nHost: a\r\n\r\n`, "latin1"));
    const { status, headers } = await client.head();
    return { status, headers, body: await client.body({ headers }) };
  } finally {
    client.close();
  }
}

async function assertRefused(query, name, parameter) {
  const answer = await ask(query);
  assert.equal(answer.status, 400, `${query}: ${answer.status}`);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  const problem = problemOf(answer);
  assert.equal(problem.type, `/problems/${name}`, query);
  if (parameter) {
    assert.equal(problem.errors[0].parameter, parameter, query);
  }
  return problem;
}

const malformedDurations = [
  ...["nan", "NaN", "-nan", "nan(1)", "inf", "Infinity", "-inf", "infinity"],
  ...["0x10", "0x1p3", "1,5", "1.", ".5", "1..5", "--1", "%2B1", "1e", "1e%2B"],
  ...["%D9%A1", "+1", "1+", "%091", "1%09", "1s1", "s", "ms", "1x", "1sec", "1S", "1 s"],
  ...["1_000", "1'000", "%E2%88%923", "3%C2%A0s", "", "three", "1m30", "1h2", "1s%00"],
].map((value) => value.replaceAll(" ", "%20"));

const farDurations = [
  ...["1e309", "-0", "0", "0.0", "-1", "0.049", "49ms", "61", "60.1", "1h", "1e9", "-3s"],
  ...["99999999999999999999", "9223372036854775807", "9223372036854775808", "18446744073709551616"],
  ...["1e308", "5e-324", "1e-400", "0s", "-0s", "9999999h", "60.000000001"],
];

test("duration: what is no duration is called malformed", async () => {
  for (const value of malformedDurations) {
    const answer = await ask(`duration=${value}`);
    assert.equal(answer.status, 400, value);
    const problem = problemOf(answer);
    const decodes = !/%00|%09/.test(value);
    const name = decodes ? "malformed-value" : "malformed-query";
    assert.equal(problem.type, `/problems/${name}`, value);
    assert.equal(problem.errors[0].parameter, "duration");
  }
});

test("duration: what is one but not allowed is called out of range, with the range", async () => {
  for (const value of farDurations) {
    const problem = await assertRefused(`duration=${value}`, "value-out-of-range", "duration");
    assert.match(problem.errors[0].allowed, /^0\.05 to 60 s/);
    assert.equal(problem.errors[0].value, value);
  }
});

test("duration: what is allowed works, however it is written", async () => {
  const base = "preset=robot&seed=1&channels=1";
  const wanted = (await ask(`${base}&duration=1.5`)).body;
  for (const value of ["1.5s", "1500ms", "1s500ms", "0.025m", "1.50", "01.5", "1500000000ns"]) {
    const answer = await ask(`${base}&duration=${value}`);
    assert.equal(answer.status, 200, value);
    assert.ok(answer.body.equals(wanted), value);
  }
});

test("ten thousand digits are refused, not computed", async () => {
  const answer = await ask(`duration=${"9".repeat(1500)}`);
  assert.equal(answer.status, 400);
  const longer = await ask(`duration=${"9".repeat(10000)}`);
  assert.equal(longer.status, 414);
});

test("numbers: every way not to write one", async () => {
  for (const value of ["nan", "inf", "0x1", "1,5", "", "a", "1e", "%EF%BC%91", "1%20", "%201"]) {
    await assertRefused(`volume=${value}`, "malformed-value", "volume");
  }
  for (const value of ["1.1", "-0.1", "1e309", "2", "1.00000000000001"]) {
    await assertRefused(`volume=${value}`, "value-out-of-range", "volume");
  }
  for (const value of ["1.0", "1.5", "one", "", "0x1", "1e0"]) {
    await assertRefused(`channels=${value}`, "malformed-value", "channels");
  }
  for (const value of ["0", "3", "-1", "4294967297", "4294967298"]) {
    await assertRefused(`channels=${value}`, "value-out-of-range", "channels");
  }
  for (const value of ["96001", "15600", "256400", "0", "-96000"]) {
    await assertRefused(`bitrate=${value}`, "value-out-of-range", "bitrate");
  }
});

test("seeds: numbers too large, empty and too long ones", async () => {
  for (const value of ["18446744073709551616", "-9223372036854775809", "9".repeat(40)]) {
    await assertRefused(`seed=${value}`, "value-out-of-range", "seed");
  }
  await assertRefused("seed=", "malformed-value", "seed");
  await assertRefused(`seed=${"x".repeat(65)}`, "value-out-of-range", "seed");
  assert.equal((await ask(`duration=0.05&seed=${"x".repeat(64)}`)).status, 200);
});

test("NUL, control bytes, overlong and broken UTF-8 cannot be decoded", async () => {
  const pieces = [
    ...["%00", "a%00b", "%01", "%0a", "%0d%0a", "%1f", "%7f", "%C0%80", "%c1%a1", "%E0%80%80"],
    ...["%F0%80%80%80", "%ED%A0%80", "%F4%90%80%80", "%FF", "%80", "%C3", "%E2%82", "%F0%9F%98"],
    ...["%", "%4", "%zz", "%0", "%u0041", "%-1", "%%30", "\xff", "\xc3\xa9", "\x01"],
  ];
  for (const piece of pieces) {
    await assertRefused(`seed=${piece}`, "malformed-query", "seed");
    await assertRefused(`${piece}=1`, "malformed-query");
  }
});

test("repeated and unknown names, and names almost right", async () => {
  await assertRefused("seed=1&seed=1", "repeated-parameter", "seed");
  await assertRefused("seed=1&%73eed=2", "repeated-parameter", "seed");
  await assertRefused("download&download", "repeated-parameter", "download");
  await assertRefused("seed=random&seed=random", "repeated-parameter", "seed");
  const near = {
    presett: "preset",
    Preset: "preset",
    Seed: "seed",
    duraton: "duration",
    "primary-amp": "primary_amp",
    crush_bit: "crush_bits",
    donwload: "download",
  };
  for (const [name, nearest] of Object.entries(near)) {
    const problem = await assertRefused(`${name}=1`, "unknown-parameter", name);
    assert.equal(problem.errors[0].nearest, nearest);
  }
  const far = await assertRefused("qwertyuiop=1", "unknown-parameter", "qwertyuiop");
  assert.equal(far.errors[0].nearest, undefined, "a suggestion is no guess");
  await assertRefused("=1", "unknown-parameter");
});

test("presets almost right get the nearest name", async () => {
  const near = { Classic: "classic", deathmetal: "death-metal", banshees: "banshee" };
  for (const [name, nearest] of Object.entries(near)) {
    const problem = await assertRefused(`preset=${name}`, "unknown-preset", "preset");
    assert.equal(problem.errors[0].nearest, nearest);
  }
});

test("all parameters at once are allowed, 49 are too many", async () => {
  const { parameters } = JSON.parse((await server.get("/parameters")).body);
  const words = {
    ...{ preset: "robot", finish: "raw", bitrate: "16000", comp_threshold_db: "-20", engine: "2" },
  };
  const all = parameters.map(({ name }) => `${name}=${words[name] ?? 1}`);
  assert.ok(all.length > 40);
  assert.equal((await ask([...all, "download"].join("&"))).status, 200);
  const unknown = (count) => Array.from({ length: count }, (_, i) => `p${i}=1`).join("&");
  await assertRefused(unknown(48), "unknown-parameter");
  await assertRefused(unknown(49), "too-many-parameters");
  await assertRefused("a&".repeat(100), "too-many-parameters");
});

test("what a client sent comes back escaped, so a page cannot be made of it", async () => {
  const problem = await assertRefused(
    "%3Cscript%3Ealert(1)%3C/script%3E=%22%5C%27",
    "unknown-parameter",
  );
  assert.equal(problem.errors[0].parameter, "<script>alert(1)</script>");
  const answer = await ask("%3Cscript%3E=1");
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
});

test("log lines stay one line each, whatever the request holds", async () => {
  await ask("seed=%0a%7B%22level%22:%22error%22%7D");
  const client = await RawClient.connect(server.port);
  client.send('GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: a"b\x1b[31m\r\n\r\n');
  const { headers } = await client.head();
  client.close();
  assert.match(headers["x-request-id"], /^[0-9a-f]{32}$/, "a new one, for that was none");
  const lines = server.stderr.trim().split("\n");
  for (const line of lines) {
    assert.doesNotThrow(() => JSON.parse(line), line);
    /* eslint-disable-next-line no-control-regex */
    assert.doesNotMatch(line, /[\x00-\x1f\x7f]/);
  }
});

test("random queries: always an answer, never a crash", async (t) => {
  const seed = Number(process.env.SCREAM_TEST_SEED || 20261120);
  t.diagnostic(`SCREAM_TEST_SEED=${seed}`);
  let state = seed >>> 0;
  const next = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
  const words = [
    ...["seed", "preset", "duration", "volume", "channels", "=", "=", "&", "&", "%", "%00", "%41"],
    ...["0.05", "1", "2", "-1", "nan", "classic", "random", "+", ";", "?", "#", "/", "\xff", "a"],
    ...["finish", "raw", "engine", "bitrate", "16000", "download", "\t", "%F0%9F%98%B1", "~"],
  ];
  const queries = Array.from({ length: 400 }, () =>
    Array.from({ length: 1 + next(12) }, () => words[next(words.length)]).join(""),
  );
  const answers = await pooled(
    queries.map((query) => () => ask(query.replaceAll("\t", "%09"))),
    8,
  );
  for (const [i, { status }] of answers.entries()) {
    assert.ok([200, 400].includes(status), `${JSON.stringify(queries[i])}: ${status}`);
  }
  assert.equal((await server.get("/livez")).status, 200);
});
