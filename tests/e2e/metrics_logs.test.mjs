/*
 * tests/e2e/metrics_logs.test.mjs - what an operator sees.
 * Aim:    /metrics is valid Prometheus text with the promised names and bounded labels, and counts
 *         what happened; every log line is JSON with the promised fields; probes tell the state.
 * Method: an independent reader of the text format; requests whose traces must appear.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { head } from "./support/http.mjs";
import { faultsOf, Metrics, renderedOf } from "./support/metrics.mjs";
import { RawClient } from "./support/raw.mjs";
import { endServer, root, startServer, useServer } from "./support/server.mjs";
import { waitFor } from "./support/wait.mjs";

let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

test("the reader of these tests finds faults", () => {
  const good = "# HELP a_total Counts.\n# TYPE a_total counter\na_total{b=\"c\"} 1\n";
  assert.deepEqual(faultsOf(good), []);
  assert.notDeepEqual(faultsOf(good.trimEnd()), []);
  assert.notDeepEqual(faultsOf(good.replace("} 1", "} x")), []);
  assert.notDeepEqual(faultsOf(good.replaceAll("a_total", "a")), []);
  assert.notDeepEqual(faultsOf(`${good}a_total{b="c"} 2\n`), []);
  const histogram = (last) =>
    "# HELP h Is.\n# TYPE h histogram\n" +
    `h_bucket{le="0.1"} 2\nh_bucket{le="+Inf"} ${last}\nh_sum 1\nh_count 3\n`;
  assert.deepEqual(faultsOf(histogram(3)), []);
  assert.notDeepEqual(faultsOf(histogram(1)), []);
});

test("the exposition is valid before and after all kinds of requests", async () => {
  const check = async () => {
    const answer = await server.get("/metrics");
    assert.equal(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert.deepEqual(faultsOf(answer.body.toString()), []);
    return new Metrics(answer.body.toString());
  };
  await check();
  for (const path of [
    ...["/scream.ogg", "/scream.wav", "/scream", "/presets", "/parameters", "/version", "/nope"],
    ...["/livez", "/readyz", "/startupz", "/problems/io-failed", "/scream.ogg?x", "/openapi.yaml"],
  ]) {
    await server.get(path);
    await head(server.port, path);
  }
  const metrics = await check();
  assert.ok(metrics.samples.length <= 1500, `${metrics.samples.length} series`);
});

test("the promised names are there", async () => {
  const metrics = await server.metrics();
  for (const name of [
    ...["http_requests_total", "http_request_duration_seconds", "http_requests_in_flight"],
    ...["scream_renders_total", "scream_render_duration_seconds", "scream_build_info"],
    ...["scream_time_to_first_byte_seconds", "scream_cache_hits_total", "scream_cache_bytes"],
    ...["scream_cache_misses_total", "scream_singleflight_shared_total", "scream_arena_extents"],
    ...["process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_threads"],
    ...["process_virtual_memory_bytes", "process_resident_memory_bytes"],
    "process_start_time_seconds",
  ]) {
    assert.ok(metrics.sum(name) >= 0, name);
  }
  const [info] = metrics.matching("scream_build_info");
  assert.equal(info.value, 1);
  for (const label of ["version", "revision", "opus", "sodium"]) {
    assert.ok(info.labels[label], label);
  }
});

test("process_* agree with the system", async () => {
  const metrics = await server.metrics();
  const now = Date.now() / 1000;
  const started = metrics.sum("process_start_time_seconds");
  assert.ok(started > now - 3600 && started <= now + 1, `${started} against ${now}`);
  const { readFile, readdir } = await import("node:fs/promises");
  const status = await readFile(`/proc/${server.child.pid}/status`, "utf8");
  const threads = Number(/^Threads:\s+(\d+)/m.exec(status)[1]);
  assert.equal(metrics.sum("process_threads"), threads);
  const fds = (await readdir(`/proc/${server.child.pid}/fd`)).length;
  assert.ok(Math.abs(metrics.sum("process_open_fds") - fds) <= 2);
  assert.ok(metrics.sum("process_resident_memory_bytes") > 1 << 20);
  assert.ok(metrics.sum("process_cpu_seconds_total") > 0);
});

test("one render is counted once, with preset, format and result", async (t) => {
  const own = await useServer(t);
  await own.get("/scream.ogg?preset=glitch&seed=1&duration=1");
  await own.get("/scream.ogg?preset=glitch&seed=1&duration=1");
  await own.get("/scream.wav?preset=robot&seed=1&duration=2");
  const metrics = await own.metricsWhen(
    (read) =>
      read.sum("http_requests_total", { route: "/scream.ogg" }) === 2 &&
      read.sum("http_requests_total", { route: "/scream.wav" }) === 1 &&
      read.sum("scream_renders_total", { format: "wav" }) === 1,
    "all three to be counted, which is after their last bytes have left",
  );
  const renders = metrics.matching("scream_renders_total").filter(({ value }) => value !== 0);
  assert.deepEqual(
    renders.map(({ labels, value }) => ({ ...labels, value })),
    [
      { preset: "glitch", format: "ogg", result: "ok", value: 1 },
      { preset: "robot", format: "wav", result: "ok", value: 1 },
    ],
  );
  assert.equal(renderedOf(metrics).misses, 1);
  assert.equal(metrics.sum("scream_cache_hits_total"), 1);
  const [wav] = metrics.matching("scream_render_duration_seconds_count", { format: "wav" });
  assert.equal(wav.value, 1);
  const samples = (format) => metrics.sum("scream_rendered_samples_total", { format });
  assert.equal(samples("wav"), 96000);
  assert.ok(samples("ogg") >= 48000 && samples("ogg") < 48000 + 1200);
  const counted = (route, code) =>
    metrics.sum("http_requests_total", { route, code: String(code), method: "GET" });
  assert.equal(counted("/scream.ogg", 200), 2);
  assert.equal(counted("/scream.wav", 200), 1);
});

test("a client cannot grow the metrics", async () => {
  const names = (metrics) =>
    new Set(metrics.samples.map(({ name, labels }) => name + JSON.stringify(labels)));
  for (let i = 0; i < 50; i += 1) {
    await server.get(`/nowhere-${i}?x=${i}`, { headers: { "User-Agent": `agent-${i}` } });
    await server.get(`/scream.wav?seed=${i}&duration=0.05`);
  }
  const before = names(await server.metrics());
  for (let i = 50; i < 100; i += 1) {
    await server.get(`/nowhere-${i}`);
    await server.get(`/scream.wav?seed=${i}&duration=0.05`);
    const client = await RawClient.connect(server.port);
    client.send(`METHOD${i} / HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.head();
    client.close();
  }
  const grown = [...names(await server.metrics())].filter((name) => !before.has(name));
  assert.ok(grown.length <= 1, `only the first 501: ${grown}`);
});

test("every log line is JSON, and a request's line tells who got what", async () => {
  const trace = "0af7651916cd43dd8448eb211c80319c";
  await server.get("/scream.ogg?preset=banshee&seed=77", {
    headers: { "X-Request-Id": "seen", traceparent: `00-${trace}-b7ad6b7169203331-01` },
  });
  const line = await waitFor(
    () => server.logs().find((one) => one.request_id === "seen"),
    "the line of the request",
  );
  assert.match(line.ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.equal(line.level, "info");
  assert.equal(line.msg, "request");
  assert.equal(line.logger, "http");
  assert.equal(line.trace_id, trace);
  assert.equal(line.method, "GET");
  assert.equal(line.route, "/scream.ogg");
  assert.equal(line.status, 200);
  assert.equal(line.preset, "banshee");
  assert.equal(String(line.seed), "77");
  assert.match(line.remote, /^127\.0\.0\.1/);
  assert.ok(line.bytes > 10000 && line.dur_ms >= 0);
  for (const text of server.stderr.trim().split("\n")) {
    const one = JSON.parse(text);
    assert.ok(one.ts && /^(debug|info|warn|error)$/.test(one.level) && one.msg, text);
  }
});

test("a broken-off request says so", async () => {
  const client = await RawClient.connect(server.port);
  const path = "/scream.ogg?preset=robot&seed=78&duration=60";
  await client.get(path, { "X-Request-Id": "broken" }).head();
  client.reset();
  const line = await waitFor(
    () => server.logs().find((one) => one.request_id === "broken"),
    "the line of the request",
  );
  assert.equal(String(line.whole), "false");
});

test("probes are not in the log but at debug, and the boot tells the memory", async (t) => {
  const own = await useServer(t, { settings: { SCREAM_LOG_LEVEL: "debug" } });
  await own.get("/livez");
  await waitFor(() => own.logs().some((one) => one.route === "/livez"), "the probe at debug");
  const memory = own.logs().find((one) => one.msg === "memory");
  const { total_bytes: total, socket_buffers: buffers, ts, level, msg, ...terms } = memory;
  assert.ok(ts && level && msg);
  const sum = Object.values(terms).reduce((all, term) => all + term, 0);
  assert.equal(sum, total, "a sum, term by term");
  assert.ok(total > 32 << 20);
  assert.ok(buffers >= 256 * 160 * 1024, "what the kernel may take, beside the sum");
  await server.get("/livez");
  assert.ok(!server.logs().some((one) => one.route === "/livez" || one.route === "/metrics"));
});

/* Cores this process may use: the server has a daemon for each. */
function coresAllowed() {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"));
  return list.split(",").flatMap((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/* The table of ARCHITECTURE.md: { term: bytes }, the total and socket_buffers too. */
function memoryTable() {
  const section = readFileSync(`${root}ARCHITECTURE.md`, "utf8").split("\n## Memory\n")[1];
  const rows = section.split("\n## ")[0].matchAll(/^\| \**(\w+)\** \| \**([\d,]+)\** \|/gm);
  return Object.fromEntries([...rows].map(([, term, bytes]) => [term, +bytes.replaceAll(",", "")]));
}

test("ARCHITECTURE.md has the terms of the memory event", async (t) => {
  const { total, socket_buffers: buffers, ...table } = memoryTable();
  const sum = Object.values(table).reduce((all, term) => all + term, 0);
  assert.equal(sum, total, "the table adds up");
  const cores = coresAllowed();
  const two = cores.length >= 2;
  const front = two ? ["taskset", "-c", cores.slice(0, 2).join(",")] : [];
  const own = await useServer(t, { front });
  const { libraries } = JSON.parse((await own.get("/version")).body);
  const event = await waitFor(
    () => own.logs().find((one) => one.msg === "memory"),
    "the memory event",
  );
  assert.equal(event.socket_buffers, buffers);
  for (const [term, bytes] of Object.entries(table)) {
    assert.ok(event[term] > 0, `${term} is a term`);
    /* These differ from start to start, and with compiler, system and commit. */
    const varies = ["program", "stacks", "documents"].includes(term);
    /* These hold for two cores and the libopus that the page names. */
    const here = two && process.arch === "x64" && /1\.3\.1/.test(JSON.stringify(libraries));
    const fixed = here || ["extents", "plans", "log_ring"].includes(term);
    assert.ok(varies || !fixed || event[term] === bytes, `${term}: ${event[term]}, page: ${bytes}`);
  }
  const named = ["extents", "plans", "program"].every((term) => term in table);
  assert.ok(named && Object.keys(table).length >= 10, `terms found: ${Object.keys(table)}`);
});

test("text logs on request, one line each, without colours in a pipe", async (t) => {
  const own = await useServer(t, { settings: { SCREAM_LOG_FORMAT: "text" } });
  await own.get("/scream.wav?preset=robot&duration=0.05");
  await waitFor(() => own.stderr.includes("/scream.wav"), "the line");
  assert.doesNotMatch(own.stderr, /\x1b|^\{/m); // eslint-disable-line no-control-regex
});

test("readyz and livez tell more when asked", async () => {
  for (const path of ["/livez", "/readyz", "/startupz"]) {
    const plain = await server.get(path);
    assert.equal(plain.status, 200);
    assert.equal(plain.body.toString(), "ok\n");
    assert.equal(plain.headers["cache-control"], "no-store");
    const more = JSON.parse((await server.get(`${path}?verbose`)).body);
    assert.equal(more.status, "ok");
    assert.equal(more.draining, false);
    assert.ok(more.extentsTotal > 0);
  }
});
