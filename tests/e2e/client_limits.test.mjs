/*
 * tests/e2e/client_limits.test.mjs - no client takes more than its share.
 * Aim:    a client beyond its rate or its places gets a 429 that says when to come back, everybody
 *         else is served; the client is who the trusted proxies say, and nobody else is believed;
 *         health and loopback are never limited; what is given back can be had again.
 * Method: loopback addresses play proxies: 127.0.0.2 is trusted, 127.0.0.3 is not. Rates are so
 *         slow that no token comes back during a test, or so fast that nobody waits for one long.
 *         Connections are counted by the address that made them, so that test runs server and
 *         clients in a network of their own (unshare), with an address that is not loopback.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";

import { problemOf, request } from "./support/http.mjs";
import { holdBytes, RawClient } from "./support/raw.mjs";
import { binary, environment, useServer } from "./support/server.mjs";
import { waitFor } from "./support/wait.mjs";

const long = "/scream.wav?seed=1&duration=60";

/* GET by a client behind a proxy of ours. */
function behind(server, client, path = "/version") {
  return server.get(path, { headers: { "X-Forwarded-For": client } });
}

async function assertLimited(server, client, type = "too-many-requests") {
  const answer = await behind(server, client);
  assert.equal(answer.status, 429, client);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.match(answer.headers["retry-after"], /^[1-9][0-9]*$/);
  assert.equal(problemOf(answer).type, `/problems/${type}`);
  return answer;
}

async function assertServed(server, client) {
  const answer = await behind(server, client);
  assert.equal(answer.status, 200, client);
  return answer;
}

test("a client beyond its rate waits; others do not notice", async (t) => {
  const server = await useServer(t, {
    settings: {
      SCREAM_TRUSTED_PROXIES: "127.0.0.0/8, ::1",
      SCREAM_RATE: "0.001",
      SCREAM_RATE_BURST: "3",
    },
  });
  for (const left of [2, 1, 0]) {
    const { headers } = await assertServed(server, "192.0.2.1");
    assert.equal(headers["ratelimit-policy"], '"client";q=3;w=3000');
    assert.match(headers.ratelimit, new RegExp(`^"client";r=${left};t=[0-9]+$`));
    assert.match(headers["access-control-expose-headers"], /\bRateLimit, RateLimit-Policy\b/);
  }
  const { headers } = await assertLimited(server, "192.0.2.1");
  assert.match(headers.ratelimit, /^"client";r=0;t=(29[0-9]{2}|3000)$/);
  assert.match(headers["retry-after"], /^(9[0-9]{2}|1000)$/);
  await assertServed(server, "192.0.2.2");

  /* Every address is limited, errors cost a token too; health, metrics, preflights and what an
   * error means do not. */
  for (const path of ["/scream.ogg?seed=1", "/presets", "/nowhere", "/scream.ogg?nonsense=1"]) {
    assert.equal((await behind(server, "192.0.2.1", path)).status, 429, path);
  }
  const free = ["/livez", "/readyz", "/startupz", "/metrics", "/problems/too-many-requests"];
  for (const path of free) {
    for (let i = 0; i < 5; i += 1) {
      const answer = await behind(server, "192.0.2.1", path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.ratelimit, undefined, path);
    }
  }
  const options = { headers: { "X-Forwarded-For": "192.0.2.1" } };
  assert.equal((await request(server.port, "OPTIONS", "/presets", options)).status, 204);

  /* One /64 is one client, and so is an address with whatever port. */
  for (const client of ["2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:1:f:f:f:f"]) {
    await assertServed(server, client);
  }
  await assertLimited(server, "[2001:db8:1:1::9]:443");
  await assertServed(server, "2001:db8:1:2::1");
  await assertLimited(server, "192.0.2.1:4711");
  await assertLimited(server, "::ffff:192.0.2.1");

  /* Loopback itself has no limits, and says nothing of any. */
  for (let i = 0; i < 20; i += 1) {
    const answer = await server.get("/version");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.ratelimit, undefined);
  }
  const metrics = await server.metrics();
  assert.equal(metrics.sum("scream_http_limited_total", { limit: "rate" }), 8);
  assert.equal(metrics.sum("scream_http_limited_total", { limit: "open" }), 0);
});

test("tokens come back", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_TRUSTED_PROXIES: "127.0.0.1", SCREAM_RATE: "2", SCREAM_RATE_BURST: "200" },
  });
  let answer;
  for (let i = 0; i < 2000; i += 1) {
    answer = await behind(server, "192.0.2.1");
    if (answer.status === 429) {
      break;
    }
  }
  assert.equal(answer.status, 429, "the bucket was emptied");
  assert.equal(answer.headers["retry-after"], "1");
  await waitFor(
    async () => (await behind(server, "192.0.2.1")).status === 200,
    "a token that comes back",
    60000,
  );
});

test("whom X-Forwarded-For names, and by whom", async (t) => {
  const server = await useServer(t, {
    settings: {
      SCREAM_TRUSTED_PROXIES: "127.0.0.2, 10.0.0.0/8",
      SCREAM_RATE: "0.001",
      SCREAM_RATE_BURST: "1",
    },
  });
  const ask = async (localAddress, lines, id) => {
    const client = await RawClient.connect(server.port, "127.0.0.1", localAddress);
    client.get("/version", { "X-Request-Id": id, ...lines });
    const head = await client.head();
    await client.body(head);
    client.close();
    const line = await waitFor(
      () => server.logs().find((event) => event.request_id === id),
      `the log line of ${id}`,
    );
    return { status: head.status, rate: head.headers.ratelimit, remote: line.remote };
  };
  const one = await ask("127.0.0.2", { "X-Forwarded-For": "9.9.9.9, 192.0.2.1, 10.0.0.7" }, "a");
  assert.equal(one.status, 200);
  assert.equal(one.remote, "192.0.2.1");
  /* Another claim in front, another proxy of ours behind: the same client. */
  const two = await ask("127.0.0.2", { "X-Forwarded-For": "1.1.1.1,192.0.2.1" }, "b");
  assert.deepEqual([two.status, two.remote], [429, "192.0.2.1"]);
  /* Two lines are one list, in any case of the name. */
  const lines = { "X-Forwarded-For": "192.0.2.1", "x-forwarded-for": "10.0.0.7, 10.0.0.8" };
  const three = await ask("127.0.0.2", lines, "c");
  assert.deepEqual([three.status, three.remote], [429, "192.0.2.1"]);
  /* What is no address ends the chain at the proxy that wrote it, which is exempt. */
  const four = await ask("127.0.0.2", { "X-Forwarded-For": "192.0.2.1, unknown, 10.0.0.7" }, "d");
  assert.deepEqual([four.status, four.rate, four.remote], [200, undefined, "10.0.0.7"]);
  /* Nobody else is believed: neither to get a limit nor to be rid of one. */
  for (const [i, peer] of ["127.0.0.3", "127.0.0.1"].entries()) {
    for (const [j, said] of ["192.0.2.1", "192.0.2.77", "10.0.0.7", "127.0.0.2"].entries()) {
      const answer = await ask(peer, { "X-Forwarded-For": said }, `e${i}${j}`);
      assert.deepEqual([answer.status, answer.rate, answer.remote], [200, undefined, peer]);
    }
  }
});

test("places come back, however an answer ends", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_TRUSTED_PROXIES: "127.0.0.1", SCREAM_MAX_PER_ADDRESS: "3" },
  });
  const open = async () => {
    const client = await RawClient.connect(server.port);
    client.get(long, { "X-Forwarded-For": "192.0.2.1" });
    const head = await client.head();
    assert.equal(head.status, 200);
    assert.equal(head.headers.ratelimit, undefined, "there is no rate");
    return client;
  };
  const served = async () =>
    waitFor(async () => (await behind(server, "192.0.2.1")).status === 200, "a place", 60000);
  for (const end of ["close", "reset", "close", "reset"]) {
    const clients = [await open(), await open(), await open()];
    const refused = await assertLimited(server, "192.0.2.1", "too-many-at-once");
    assert.equal(refused.headers["retry-after"], "1");
    await assertServed(server, "192.0.2.2");
    assert.equal((await behind(server, "192.0.2.1", "/readyz")).status, 200);
    clients.shift()[end]();
    await served();
    for (const client of clients) {
      client[end]();
    }
    await server.metricsWhen(
      (metrics) => metrics.sum("http_requests_in_flight") === 1,
      "the end of the aborted answers",
    );
  }
  /* What was read to its end gives its place back as well: many more than three, one by one. */
  for (let i = 0; i < 10; i += 1) {
    assert.equal((await behind(server, "192.0.2.1", "/scream.ogg?seed=1")).status, 200);
    assert.equal((await behind(server, "192.0.2.1", "/nowhere")).status, 404);
  }
  const metrics = await server.metrics();
  assert.ok(metrics.sum("scream_http_limited_total", { limit: "open" }) >= 4);
});

test("limits are off unless configured, and proxies can be trusted without any", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_TRUSTED_PROXIES: "127.0.0.1" } });
  for (let i = 0; i < 100; i += 1) {
    const answer = await assertServed(server, "192.0.2.1");
    assert.equal(answer.headers.ratelimit, undefined);
    assert.equal(answer.headers["ratelimit-policy"], undefined);
  }
  const line = await waitFor(
    () => server.logs().find((event) => event.msg === "request"),
    "a line of the log",
  );
  assert.equal(line.remote, "192.0.2.1");
});

/* A network of its own, in which 192.0.2.1 is an address of this machine; then the words behind. */
const apart = [
  "unshare",
  "--user",
  "--map-root-user",
  "--net",
  "sh",
  "-c",
  'ip link set lo up && ip addr add 192.0.2.1/32 dev lo && exec "$@"',
  "sh",
];

/* Opens connections one after the other and tells what each of them got; "open" is no answer. */
const opener = `
  const net = require("node:net");
  const [port, from, count] = process.argv.slice(1);
  const sockets = [];
  const results = [];
  const next = () => {
    if (results.length === Number(count)) {
      console.log(JSON.stringify(results));
      process.stdin.once("data", () => process.exit(0));
      return;
    }
    const socket = net.connect({ host: "192.0.2.1", port: Number(port), localAddress: from });
    let said = "";
    const done = (result) => {
      results.push(result);
      sockets.push(socket);
      next();
    };
    socket.on("data", (data) => (said += data));
    socket.on("error", (error) => done(error.code));
    socket.on("end", () => done(said));
    socket.on("connect", () => {
      socket.write("GET /livez HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n");
      socket.once("data", () => {
        if (said.startsWith("HTTP/1.1 200")) {
          socket.removeAllListeners("end");
          done("open");
        }
      });
    });
  };
  next();
`;

test("connections beyond the limit of an address get a 429 of the acceptor", async (t) => {
  const probe = spawnSync(apart[0], [...apart.slice(1), "true"]);
  if (probe.error || probe.status !== 0) {
    t.skip("no network of one's own to be had here (unshare, ip)");
    return;
  }
  const server = await useServer(t, {
    front: apart,
    settings: { SCREAM_MAX_PER_ADDRESS: "4", SCREAM_HTTP_ADDR: "192.0.2.1" },
  });
  const inside = ["-t", String(server.child.pid), "-U", "-n", "--preserve-credentials"];
  const openMany = async (from, count) => {
    const words = [...inside, process.execPath, "-e", opener, server.port, from, count];
    const child = spawn("nsenter", words.map(String), { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece) => (text += piece));
    t.after(() => child.kill("SIGKILL"));
    await waitFor(() => text.endsWith("\n"), `what ${count} connections of ${from} got`, 60000);
    const leave = async () => {
      child.stdin.write("x\n");
      await waitFor(() => child.exitCode !== null, "the clients to leave", 60000);
    };
    return { results: JSON.parse(text), leave };
  };
  const first = await openMany("192.0.2.1", 6);
  assert.deepEqual(first.results.slice(0, 4), ["open", "open", "open", "open"]);
  for (const refusal of first.results.slice(4)) {
    assert.match(refusal, /^HTTP\/1\.1 429 Too Many Requests\r\n/);
    assert.match(refusal, /\r\nRetry-After: 1\r\n/);
    assert.match(refusal, /\/problems\/too-many-at-once/);
    assert.match(refusal, /"detail":"Too many connections of this address are open; close one\."/);
    assert.ok(holdBytes(server.port, "GET /livez HTTP/1.1\r\n\r\n", refusal, true));
  }
  /* Loopback has no limits. */
  const own = await openMany("127.0.0.1", 8);
  assert.deepEqual(new Set(own.results), new Set(["open"]));
  await own.leave();
  /* Places come back. */
  await first.leave();
  await waitFor(
    async () => {
      const again = await openMany("192.0.2.1", 1);
      await again.leave();
      return again.results[0] === "open";
    },
    "a place for a connection",
    60000,
  );
});

test("a list of proxies that is none stops the start", () => {
  for (const [given, says] of [
    ["::1, proxy.example", /SCREAM_TRUSTED_PROXIES: "proxy\.example" is no IPv4 or IPv6 addr/],
    ["10.0.0.1/8", /"10\.0\.0\.1\/8" has bits behind the prefix/],
    ["0.0.0.0/0", /"0\.0\.0\.0\/0" trusts everybody: every client could choose its address/],
    ["::/0", /"::\/0" trusts everybody/],
  ]) {
    const env = environment({ SCREAM_TRUSTED_PROXIES: given });
    const ended = spawnSync(binary, ["serve"], { env, encoding: "utf8" });
    assert.equal(ended.status, 78);
    assert.match(ended.stderr, says);
  }
});
