/*
 * tests/e2e/keep_alive.test.mjs - honest clients keep their connections.
 * Aim:    the rule that ends every connection with something odd on it (decision D9) costs curl,
 *         browsers, load testers, proxies and HTTP/1.0 clients nothing; and what must end, ends.
 * Method: the clients themselves, and heads as they write them; what they say of their connections,
 *         and how many connections the server counted.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";

import { withPage } from "../support/chromium.mjs";
import { request } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import { endServer, startServer } from "./support/server.mjs";
import { tool } from "./support/tools.mjs";

const sound = "/scream.ogg?preset=robot&seed=1&duration=0.2";
const wav = "/scream.wav?preset=robot&seed=1&duration=0.2";
let server;

before(async () => {
  server = await startServer();
  await server.get(sound);
});
after(() => endServer(server));

/* Without what its user has in ~/.curlrc; must be the first argument. */
const curlPlain = ["-q"];

/* Whoever asks for metrics takes a connection, which may count a moment later. */
const spare = 2;

/* How many connections and requests something takes, and what it gives. */
async function during(act) {
  const before = await server.metrics();
  const result = await act();
  const now = await server.metrics();
  const grown = (name) => now.sum(name) - before.sum(name);
  return {
    result,
    connections: grown("scream_http_connections_total"),
    requests: grown("http_requests_total"),
  };
}

test("curl keeps its connection over URLs of every kind", async () => {
  const paths = [sound, wav, "/presets", "/livez", sound];
  const urls = paths.flatMap((path) => ["-o", "/dev/null", `${server.url}${path}`]);
  const options = [...curlPlain, "-sSv", "--http1.1"];
  const { result, connections } = await during(() => tool("curl", [...options, ...urls]));
  const reused = result.stderr.match(/^\* Re-using existing connection/gim) ?? [];
  assert.equal(reused.length, paths.length - 1, result.stderr);
  assert.ok(connections <= 1 + spare, `${connections} connections`);
});

/* curl asks twice for one path. */
async function assertCurlReuses(path, options) {
  const urls = Array(2).fill(["-o", "/dev/null", `${server.url}${path}`]).flat();
  const { stderr } = await tool("curl", [...curlPlain, "-sSv", ...options, ...urls]);
  assert.match(stderr, /^\* Re-using existing connection/im, `${path} ${options.join(" ")}`);
}

test("curl keeps it over HEAD, ranges, conditions and mistakes", async () => {
  for (const options of [
    ["-I"],
    ["-r", "0-99"],
    ["-H", "If-None-Match: *"],
    ["-X", "OPTIONS"],
    ["-0", "-H", "Connection: Keep-Alive"],
  ]) {
    await assertCurlReuses(sound, options);
  }
  for (const path of ["/nowhere", "/scream.ogg?volume=9", "/scream.ogg?volum=1"]) {
    await assertCurlReuses(path, []);
  }
});

test("Node's agent keeps four connections over two hundred requests", async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const paths = [sound, wav, "/livez", "/parameters", "/nowhere"];
  const { connections, requests } = await during(() =>
    Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        request(server.port, i % 4 === 0 ? "HEAD" : "GET", paths[i % paths.length], { agent }),
      ),
    ),
  );
  agent.destroy();
  assert.ok(requests >= 200);
  assert.ok(connections <= 4 + spare, `${connections} connections`);
});

test("wrk's connections are as many as it was told", async () => {
  for (const path of ["/livez", sound, wav, "/nowhere"]) {
    const { result, connections, requests } = await during(() =>
      tool("wrk", ["-t2", "-c8", "-d1s", "--timeout", "30s", `${server.url}${path}`]),
    );
    assert.doesNotMatch(result.text, /Socket errors/, result.text);
    assert.ok(requests >= 80, `${path}: ${requests} requests`);
    /* One more to see whether anybody is there. */
    assert.ok(connections <= 8 + 1 + spare, `${path}: ${connections} for ${requests} requests`);
  }
});

/* Runs in the page: twenty documents one by one, then an audio element, from one origin. */
async function browse({ sound, documents }) {
  const lengths = [];
  for (const path of documents) {
    const answer = await fetch(path, { cache: "no-store" });
    lengths.push((await answer.arrayBuffer()).byteLength);
  }
  const audio = document.createElement("audio");
  audio.preload = "auto";
  await new Promise((resolve, reject) => {
    audio.addEventListener("canplaythrough", resolve, { once: true });
    audio.addEventListener("error", () => reject(new Error(audio.error.message)), { once: true });
    audio.src = sound;
  });
  return { lengths, duration: audio.duration };
}

test("Chromium fetches and plays over few connections", async () => {
  const paths = ["/presets", "/version", "/parameters", "/nowhere", "/scream.wav?volume=9"];
  const documents = Array.from({ length: 20 }, (_, i) => paths[i % paths.length]);
  const { result, connections, requests } = await during(() =>
    withPage(async (page) => {
      await page.goto(`${server.url}/version`);
      return page.evaluate(browse, { sound, documents });
    }),
  );
  assert.ok(result.lengths.every((length) => length > 0));
  assert.ok(Math.abs(result.duration - 0.2) < 0.01, `${result.duration} s`);
  assert.ok(requests >= 22, `${requests} requests`);
  /* It may open six at once to one server, and does not wait for the first. */
  assert.ok(connections <= 6 + spare, `${connections} connections for ${requests} requests`);
});

/* Heads as these clients write them. */
const heads = {
  curl: ["GET / HTTP/1.1", "Host: 127.0.0.1:8080", "User-Agent: curl/7.88.1", "Accept: */*"],
  wget: [
    ...["GET / HTTP/1.1", "Host: 127.0.0.1:8080", "User-Agent: Wget/1.21.3", "Accept: */*"],
    ...["Accept-Encoding: identity", "Connection: Keep-Alive"],
  ],
  ApacheBench: [
    ...["GET / HTTP/1.0", "Connection: Keep-Alive", "Host: 127.0.0.1:8080"],
    ...["User-Agent: ApacheBench/2.3", "Accept: */*"],
  ],
  wrk: ["GET / HTTP/1.1", "Host: 127.0.0.1:8080"],
  Go: [
    ...["GET / HTTP/1.1", "Host: 127.0.0.1:8080", "User-Agent: Go-http-client/1.1"],
    ...["Accept-Encoding: gzip"],
  ],
  "Python requests": [
    ...["GET / HTTP/1.1", "Host: 127.0.0.1:8080", "User-Agent: python-requests/2.31.0"],
    ...["Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive"],
  ],
  Java: [
    ...["GET / HTTP/1.1", "Host: 127.0.0.1:8080", "User-Agent: Java-http-client/17.0.9"],
    ...["Content-Length: 0"],
  ],
  Firefox: [
    ...["GET / HTTP/1.1", "Host: localhost:8080"],
    ...["User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"],
    ...["Accept: audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,application/ogg;q=0.7,*/*;q=0.5"],
    ...["Accept-Language: en-US,en;q=0.5", "Range: bytes=0-", "Connection: keep-alive"],
    ...["Referer: http://localhost:8080/", "Cookie: a=b; c=d", "Sec-Fetch-Dest: audio"],
    ...["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Site: same-origin", "Accept-Encoding: identity"],
  ],
  "a Kubernetes probe": [
    ...["GET / HTTP/1.1", "Host: 10.0.0.7:8080", "User-Agent: kube-probe/1.31"],
    ...["Accept: */*"],
  ],
  Prometheus: [
    ...["GET / HTTP/1.1", "Host: scream:8080", "User-Agent: Prometheus/2.53.0"],
    ...["Accept: text/plain;version=0.0.4;q=1,*/*;q=0.1", "Accept-Encoding: gzip"],
    ...["X-Prometheus-Scrape-Timeout-Seconds: 10"],
  ],
  "a proxy": [
    ...["GET / HTTP/1.1", "host: scream.example", "x-forwarded-for: 2001:db8::1"],
    ...["x-forwarded-proto: https", "x-request-id: 0af7651916cd43dd8448eb211c80319c"],
    ...["traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "via: 2 edge"],
  ],
};

test("heads of well-known clients keep their connection, a hundred times over", async () => {
  for (const [name, [line, ...fields]] of Object.entries(heads)) {
    const client = await RawClient.connect(server.port);
    const bytes = [line.replace(" / ", ` ${sound} `), ...fields, "", ""].join("\r\n");
    for (let i = 0; i < 100; i += 1) {
      client.send(bytes);
      const answered = await client.head();
      assert.ok([200, 206].includes(answered.status), `${name}: ${answered.status}`);
      assert.doesNotMatch(answered.headers.connection ?? "", /close/i, `${name}, ${i}`);
      await client.body(answered);
    }
    client.close();
  }
});

test("an HTTP/1.0 client hears that it is kept; without a length it is not", async () => {
  const client = await RawClient.connect(server.port);
  const ask = (path) => `GET ${path} HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n`;
  for (let i = 0; i < 3; i += 1) {
    client.send(ask("/livez"));
    const answered = await client.head();
    assert.match(answered.headers.connection, /^keep-alive$/i);
    await client.body(answered);
  }
  client.send(ask(wav));
  const answered = await client.head();
  assert.equal(answered.headers["transfer-encoding"], undefined);
  const body = await client.rest();
  assert.equal(body.length, 44 + 0.2 * 48000 * 2 * 2, "all of it, and then the end");
  client.close();
});

test("methods that change something, and bodies, end the connection", async () => {
  for (const [line, field, status] of [
    ["POST /livez HTTP/1.1", "Content-Length: 5", 400],
    ["GET /livez HTTP/1.1", "Content-Length: 5", 400],
    ["GET /livez HTTP/1.1", "Transfer-Encoding: chunked", 400],
    ["POST /livez HTTP/1.1", "Content-Length: 0", 405],
    ["DELETE /livez HTTP/1.1", "X: y", 405],
    ["BREW /livez HTTP/1.1", "X: y", 501],
  ]) {
    const client = await RawClient.connect(server.port);
    client.send(`${line}\r\nHost: a\r\n${field}\r\n\r\n`);
    const answered = await client.head();
    assert.equal(answered.status, status, line);
    assert.equal(answered.headers.connection, "close", line);
    await client.body(answered);
    assert.ok(await client.closes(), line);
    client.close();
  }
});
