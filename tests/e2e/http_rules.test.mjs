/*
 * tests/e2e/http_rules.test.mjs - what holds for every address.
 * Aim:    methods, CORS, request ids, negotiation, documents with ETags and keep-alive behave as
 *         RFC 9110 and the Fetch standard say.
 * Method: Node's client where it can, raw sockets where it would interfere.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, test } from "node:test";

import { head, problemOf, request } from "./support/http.mjs";
import { exchange, RawClient } from "./support/raw.mjs";
import { endServer, root, startServer } from "./support/server.mjs";

const routes = [
  ...["/scream.ogg", "/scream.wav", "/scream", "/presets", "/parameters", "/openapi.yaml"],
  ...["/version", "/problems/not-found", "/livez", "/readyz", "/startupz", "/metrics"],
];
const allow = "GET, HEAD, OPTIONS";
let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

test("every route of the table answers GET and HEAD alike", async () => {
  const table = readFileSync(`${root}api/route_table.h`, "utf8");
  const paths = [...table.matchAll(/^X\(\w+, "([^"]+)"/gm)].map(([, path]) => path);
  assert.deepEqual(
    paths.map((path) => path.replace("{name}", "not-found")).sort(),
    [...routes].sort(),
  );
  for (const path of routes) {
    const query = path.startsWith("/scream") ? "?preset=robot&seed=1" : "";
    const got = await server.get(path + query);
    const promised = await head(server.port, path + query);
    assert.equal(got.status, 200, path);
    assert.equal(promised.status, 200, path);
    assert.equal(promised.body.length, 0);
    assert.equal(promised.headers["content-type"], got.headers["content-type"], path);
    assert.equal(promised.headers.etag, got.headers.etag, path);
    assert.equal(got.headers["x-content-type-options"], "nosniff");
    assert.ok(got.headers.date, "a clock");
    assert.ok(got.body.length > 0);
  }
});

test("other methods get 405 with Allow, unknown ones 501, everywhere", async () => {
  for (const path of routes) {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "TRACE"]) {
      const answer = await request(server.port, method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.allow, allow);
      assert.equal(problemOf(answer).type, "/problems/method-not-allowed");
    }
    for (const method of ["BREW", "get", "PROPFIND", "M".repeat(100)]) {
      const { head: answered, body } = await exchange(
        server.port,
        `${method} ${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
      );
      assert.equal(answered.status, 501, `${method} ${path}`);
      assert.equal(problemOf({ body }).type, "/problems/method-not-implemented");
    }
  }
});

test("what is nowhere is 404 for every known method, with the nearest address", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    const answer = await request(server.port, method, "/scream.mp3");
    assert.equal(answer.status, 404, method);
  }
  const near = await server.get("/screm.ogg");
  assert.match(problemOf(near).detail, /\/scream\.ogg/);
  for (const path of ["/scream.ogg/", "//scream.ogg", "/SCREAM.OGG", "/scream%2eogg", "/./livez"]) {
    const { head: answered } = await exchange(
      server.port,
      `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    assert.equal(answered.status, 404, path);
  }
});

test("OPTIONS: Allow and the CORS preflight", async () => {
  for (const path of routes) {
    const answer = await request(server.port, "OPTIONS", path, {
      headers: {
        Origin: "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "range,if-range",
      },
    });
    assert.equal(answer.status, 204, path);
    assert.equal(answer.headers.allow, allow);
    assert.equal(answer.headers["access-control-allow-origin"], "*");
    assert.equal(answer.headers["access-control-allow-methods"], allow);
    assert.match(answer.headers["access-control-allow-headers"], /\bRange\b.*\bIf-Range\b/);
    assert.equal(answer.headers["access-control-max-age"], "7200");
    assert.equal(answer.headers["content-length"], undefined, "RFC 9110 8.6 forbids it in a 204");
    assert.equal(answer.body.length, 0);
  }
  const { head: star } = await exchange(server.port, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.equal(star.status, 204);
  assert.equal(star.headers.allow, allow);
});

test("CORS headers are on answers of every kind", async () => {
  for (const [path, headers] of [
    ["/scream.ogg?preset=robot&seed=2", {}],
    ["/scream.ogg?preset=robot&seed=2", { Range: "bytes=0-9" }],
    ["/scream.ogg?preset=nobody", {}],
    ["/presets", {}],
    ["/nothing", {}],
  ]) {
    const answer = await server.get(path, { headers: { Origin: "null", ...headers } });
    assert.equal(answer.headers["access-control-allow-origin"], "*", path);
    const exposed = answer.headers["access-control-expose-headers"];
    for (const name of ["Content-Range", "ETag", "Content-Location", "X-Scream-Seed"]) {
      assert.ok(exposed.includes(name), name);
    }
  }
});

test("request ids: the client's when it is one, else a new one", async () => {
  for (const id of ["a", "A-z0_9.b", "x".repeat(64)]) {
    const answer = await server.get("/livez", { headers: { "X-Request-Id": id } });
    assert.equal(answer.headers["x-request-id"], id);
  }
  const seen = new Set();
  for (const id of [undefined, "x".repeat(65), "a b", "a/b", "\u00e9", ""]) {
    const headers = id === undefined ? {} : { "X-Request-Id": id };
    const answer = await server.get("/livez", { headers });
    assert.match(answer.headers["x-request-id"], /^[0-9a-f]{32}$/, JSON.stringify(id));
    seen.add(answer.headers["x-request-id"]);
  }
  assert.equal(seen.size, 6);
  const problem = await server.get("/nothing", { headers: { "X-Request-Id": "mine" } });
  assert.equal(problemOf(problem).requestId, "mine");
});

test("/scream: Accept decides, Ogg wins ties, Vary tells", async () => {
  const cases = [
    [undefined, "ogg"],
    ["*/*", "ogg"],
    ["audio/*", "ogg"],
    ["audio/wav", "wav"],
    ["audio/x-wav", "wav"],
    ["audio/ogg", "ogg"],
    ["audio/ogg; codecs=opus", "ogg"],
    ["audio/ogg;q=0.5, audio/wav", "wav"],
    ["audio/wav;q=0.5, audio/*", "ogg"],
    ["audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,*/*;q=0.5", "ogg"],
    ["audio/ogg;q=0, */*", "wav"],
    ["text/html, */*;q=0.1", "ogg"],
    ["", "ogg"],
  ];
  for (const [accept, format] of cases) {
    const headers = accept === undefined ? {} : { Accept: accept };
    const answer = await server.get("/scream?preset=robot&seed=3", { headers });
    assert.equal(answer.status, 200, accept);
    const type = format === "ogg" ? "audio/ogg; codecs=opus" : "audio/wav";
    assert.equal(answer.headers["content-type"], type, accept);
    assert.equal(answer.headers.vary, "Accept");
    assert.ok(answer.headers["content-location"].startsWith(`/scream.${format}?`));
    const direct = await server.get(answer.headers["content-location"]);
    assert.ok(answer.body.equals(direct.body));
    assert.equal(answer.headers.etag, direct.headers.etag);
  }
  for (const accept of ["image/png", "audio/mpeg", "audio/*;q=0", "*/*;q=0", "text/html"]) {
    const answer = await server.get("/scream?preset=robot", { headers: { Accept: accept } });
    assert.equal(answer.status, 406, accept);
    assert.deepEqual(problemOf(answer).available, ["audio/ogg; codecs=opus", "audio/wav"]);
    assert.equal(answer.headers.vary, "Accept");
  }
});

test("documents have ETags that work", async () => {
  for (const path of ["/presets", "/parameters", "/version", "/openapi.yaml"]) {
    const { headers, body } = await server.get(path);
    assert.match(headers.etag, /^"[0-9a-f]+"$/);
    assert.equal(headers["content-length"], String(body.length));
    const again = await server.get(path, { headers: { "If-None-Match": headers.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.headers.etag, headers.etag);
    assert.equal(again.body.length, 0);
  }
});

test("presets and parameters describe what the addresses take", async () => {
  const { presets } = JSON.parse((await server.get("/presets")).body);
  assert.deepEqual(
    presets.map((preset) => preset.name),
    ["random", "classic", "whisper", "death-metal", "glitch", "banshee", "robot"],
  );
  for (const preset of presets) {
    for (const format of ["ogg", "wav"]) {
      const answer = await head(server.port, preset.links[format]);
      assert.equal(answer.status, 200, preset.links[format]);
    }
  }
  const { parameters } = JSON.parse((await server.get("/parameters")).body);
  for (const { name, minimum, maximum, multipleOf } of parameters) {
    if (minimum === undefined || name === "duration") {
      continue;
    }
    for (const value of [minimum, maximum]) {
      const answer = await head(server.port, `/scream.wav?${name}=${value}`);
      assert.equal(answer.status, 200, `${name}=${value}`);
    }
    const step = multipleOf ?? 1;
    for (const value of [minimum - step, maximum + step]) {
      const answer = await head(server.port, `/scream.wav?${name}=${value}`);
      assert.equal(answer.status, 400, `${name}=${value}`);
    }
  }
});

test("openapi.yaml names every route and every parameter", async () => {
  const text = (await server.get("/openapi.yaml")).body.toString("utf8");
  assert.match(text, /^openapi: 3\.1\./m);
  for (const path of routes) {
    const written = path.replace("/problems/not-found", "/problems/{name}");
    assert.ok(text.includes(`\n  ${written}:`), written);
  }
  const { parameters } = JSON.parse((await server.get("/parameters")).body);
  for (const { name } of parameters) {
    assert.ok(text.includes(`name: ${name}\n`), name);
  }
});

test("one connection serves many requests", async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const before = await server.metrics();
  for (let i = 0; i < 20; i += 1) {
    const path = i % 3 === 0 ? "/livez" : `/scream.ogg?preset=robot&seed=${i}&duration=0.1`;
    const answer = await server.get(path, { agent });
    assert.equal(answer.status, 200);
  }
  agent.destroy();
  const after = await server.metrics();
  const opened = (metrics) => metrics.sum("scream_http_connections_total");
  /* One for twenty requests, and up to two that asked for metrics: they count a moment later. */
  const count = opened(after) - opened(before);
  assert.ok(count >= 1 && count <= 3, `${count} connections`);
});

test("pipelined requests are answered in their order, or the connection ends", async () => {
  const client = await RawClient.connect(server.port);
  client.send(
    "GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: one\r\n\r\n" +
      "GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-Id: two\r\n\r\n",
  );
  const first = await client.head();
  assert.equal(first.headers["x-request-id"], "one");
  await client.body(first);
  if (first.headers.connection !== "close") {
    const second = await client.head();
    assert.equal(second.headers["x-request-id"], "two");
    await client.body(second);
  } else {
    assert.ok(await client.closes());
  }
  client.close();
});

test("a request with a body is refused unread and its connection closes", async () => {
  for (const framing of ["Content-Length: 5", "Transfer-Encoding: chunked"]) {
    const client = await RawClient.connect(server.port);
    client.send(`GET /livez HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`);
    const answered = await client.head();
    assert.equal(answered.status, 400);
    assert.equal(answered.headers.connection, "close");
    const body = await client.body(answered);
    assert.equal(problemOf({ body }).type, "/problems/unexpected-body");
    assert.ok(await client.closes().catch(() => true), "nothing of the body is run as a request");
    client.close();
  }
});

test("the absolute form of a target is understood", async () => {
  const { head: answered } = await exchange(
    server.port,
    "GET http://localhost/scream.wav?preset=robot&duration=0.05 HTTP/1.1\r\nHost: a\r\n\r\n",
  );
  assert.equal(answered.status, 200);
  assert.equal(answered.headers["content-type"], "audio/wav");
});
