/*
 * tests/e2e/cli_config.test.mjs - settings: where they come from, and what a bad one does.
 * Aim:    default < YAML < environment < flag; a bad value stops with 78 and names itself; secrets
 *         are never shown; go-scream's variables and keys keep working.
 * Method: `scream config` shows what came of it; `scream serve` refuses to start.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { get } from "./support/http.mjs";
import { startServer, useServer } from "./support/server.mjs";
import { makeFolder, removeFolder, scream } from "./support/tools.mjs";
import { waitFor } from "./support/wait.mjs";

let folder;

before(async () => {
  folder = await makeFolder();
});
after(() => removeFolder(folder));

async function configFile(text) {
  const path = join(folder, "scream.yaml");
  await writeFile(path, text);
  return path;
}

async function configOf(args, settings) {
  const { code, text, stderr } = await scream(["config", "--json", ...args], { settings });
  assert.equal(code, 0, stderr);
  return JSON.parse(text);
}

test("the defaults are those of the manual", async () => {
  const config = await configOf([], {});
  const wanted = {
    backend: "native",
    preset: "classic",
    volume: "1",
    format: "ogg",
    http_addr: "127.0.0.1",
    http_port: "8080",
    arena_bytes: "32MiB",
    max_duration: "60s",
    max_volume: "1",
    max_connections: "256",
    token: null,
    guild_id: null,
    duration: null,
  };
  for (const [key, value] of Object.entries(wanted)) {
    assert.deepEqual(config[key].value, value, key);
    assert.equal(config[key].origin, "default", key);
  }
});

test("each source overrules the one before it", async () => {
  const path = await configFile("http_port: 1001\narena_bytes: 2MiB\nvolume: 0.1\n");
  const settings = { SCREAM_HTTP_PORT: "1002", SCREAM_ARENA_BYTES: "3MiB" };
  const show = async (args, given) => {
    const config = await configOf(args, given);
    return ["http_port", "arena_bytes", "volume"].map(
      (key) => `${config[key].value} ${config[key].origin}`,
    );
  };
  assert.deepEqual(await show([], {}), ["8080 default", "32MiB default", "1 default"]);
  const file = ["--config", path];
  assert.deepEqual(await show(file, {}), ["1001 file", "2MiB file", "0.1 file"]);
  assert.deepEqual(await show(file, settings), ["1002 env", "3MiB env", "0.1 file"]);
  const served = await useFlags([...file, "--http-port", "0"], settings);
  assert.notEqual(served.port, 1002, "a flag overrules the environment");
});

/* A server of these flags, ended again. */
async function useFlags(args, settings) {
  const server = await startServer({ args, settings });
  await server.stop();
  assert.equal(server.code, 0);
  return server;
}

test("go-scream's nine variables and eleven keys keep their names", async () => {
  const variables = {
    DISCORD_TOKEN: "a.secret.token",
    SCREAM_GUILD_ID: "123456789012345678",
    SCREAM_BACKEND: "native",
    SCREAM_PRESET: "robot",
    SCREAM_DURATION: "1m",
    SCREAM_VOLUME: "0.5",
    SCREAM_FORMAT: "wav",
    SCREAM_VERBOSE: "true",
    SCREAM_LOG_LEVEL: "debug",
  };
  const config = await configOf([], variables);
  const rows = Object.values(config).filter(({ origin }) => origin === "env");
  assert.deepEqual(rows.map((row) => row.environment).sort(), Object.keys(variables).sort());
  const path = await configFile(
    'token: "a.b.c"\nguild_id: "123456789012345678"\nbackend: native\npreset: robot\n' +
      "duration: 5s\nvolume: 0.5\noutput_file: a.ogg\nformat: ogg\ndry_run: true\n" +
      "verbose: true\nlog_level: debug\n",
  );
  const fromFile = await configOf(["--config", path], {});
  const keys = Object.entries(fromFile).filter(([, { origin }]) => origin === "file");
  assert.equal(keys.length, 11);
});

test("empty variables are unset", async () => {
  const config = await configOf([], { SCREAM_PRESET: "", SCREAM_HTTP_PORT: "" });
  assert.equal(config.preset.origin, "default");
  assert.equal(config.http_port.value, "8080");
});

test("secrets are masked everywhere", async (t) => {
  const secret = "canary-0123456789-abcdefghijklmnop";
  const settings = { DISCORD_TOKEN: secret };
  const path = await configFile(`token: ${secret}\n`);
  for (const args of [[], ["--json"], ["--config", path], ["--log-level=debug"]]) {
    const { text, stderr, code } = await scream(["config", ...args], { settings });
    assert.equal(code, 0, stderr);
    assert.ok(!text.includes("canary") && !stderr.includes("canary"));
    assert.match(text, /\*{8}/);
  }
  const server = await useServer(t, { args: ["--token", secret, "--log-level", "debug"] });
  const words = () => readFileSync(`/proc/${server.child.pid}/cmdline`, "latin1").split("\0");
  assert.ok(!words().some((word) => word.includes("canary")), "wiped from the process list");
  assert.ok(words().includes("--token"));
  const metrics = await server.get("/metrics");
  assert.ok(!metrics.body.includes("canary") && !server.stderr.includes("canary"));
});

test("a bad value stops the start with 78 and names its setting and what is allowed", async () => {
  const cases = [
    [{ SCREAM_HTTP_PORT: "99999" }, /SCREAM_HTTP_PORT.*65535/],
    [{ SCREAM_HTTP_PORT: "80a" }, /SCREAM_HTTP_PORT/],
    [{ SCREAM_HTTP_ADDR: "localhost:1" }, /SCREAM_HTTP_ADDR/],
    [{ SCREAM_ARENA_BYTES: "1KiB" }, /SCREAM_ARENA_BYTES.*1MiB/],
    [{ SCREAM_ARENA_BYTES: "lots" }, /SCREAM_ARENA_BYTES/],
    [{ SCREAM_MAX_DURATION: "301s" }, /SCREAM_MAX_DURATION.*300s/],
    [{ SCREAM_MAX_CONNECTIONS: "7" }, /SCREAM_MAX_CONNECTIONS.*8/],
    [{ SCREAM_MAX_VOLUME: "1.5" }, /SCREAM_MAX_VOLUME/],
    [{ SCREAM_BACKEND: "ffmpeg" }, /SCREAM_BACKEND.*native.*ffmpeg/],
    [{ SCREAM_PRESET: "nobody" }, /SCREAM_PRESET.*classic/],
    [{ SCREAM_DURATION: "soon" }, /SCREAM_DURATION.*3s/],
    [{ SCREAM_VOLUME: "nan" }, /SCREAM_VOLUME/],
    [{ SCREAM_FORMAT: "mp3" }, /SCREAM_FORMAT.*ogg.*wav/],
    [{ SCREAM_VERBOSE: "maybe" }, /SCREAM_VERBOSE/],
    [{ SCREAM_LOG_LEVEL: "loud" }, /SCREAM_LOG_LEVEL.*debug/],
    [{ SCREAM_GUILD_ID: "guild" }, /SCREAM_GUILD_ID/],
    [{ SCREAM_DRAIN_DELAY: "2h" }, /SCREAM_DRAIN_DELAY/],
    [{ SCREAM_RATE: "5/s" }, /SCREAM_RATE.*requests per second, such as 5 or 0\.1/],
    [{ SCREAM_TRUSTED_PROXIES: "0.0.0.0/0" }, /"0\.0\.0\.0\/0" trusts everybody: every client/],
    [{ SCREAM_TRUSTED_PROXIES: "::1, a.example" }, /: "a\.example" is no .*names are not/],
  ];
  for (const [settings, wanted] of cases) {
    const { code, text, stderr } = await scream(["serve"], { settings });
    assert.equal(code, 78, JSON.stringify(settings));
    assert.match(stderr, wanted);
    assert.equal(text, "");
  }
});

test("a bad file stops with 78 and its line; unknown keys only warn", async () => {
  const cases = [
    ["http_port: [1]\n", /line 1/],
    ["a: 1\nhttp_port: &x 3\n", /line 2/],
    ["http_port: 1\nhttp_port: 2\n", /http_port/],
    ["preset: nobody\n", /preset/],
    ["- a\n- b\n", /line 1/],
    ["\tbad: yaml: here\n", /line/],
    ["x: 'unclosed\n", /line/],
  ];
  for (const [text, wanted] of cases) {
    const { code, stderr } = await scream(["config", "--config", await configFile(text)]);
    assert.equal(code, 78, text);
    assert.match(stderr, wanted, text);
  }
  const missing = await scream(["config", "--config", join(folder, "none.yaml")]);
  assert.equal(missing.code, 78);
  assert.match(missing.stderr, /No such file/);
  const large = await configFile(`# ${"x".repeat(70000)}\n`);
  assert.equal((await scream(["config", "--config", large])).code, 78);
  const path = await configFile("presett: robot\n");
  const warned = await scream(["generate", "-o", "-", "--config", path]);
  assert.equal(warned.code, 0);
  assert.match(warned.stderr, /presett/);
  const empty = await scream(["config", "--config", await configFile("")]);
  assert.equal(empty.code, 0);
});

test("a start tells of limits that can never act, and of settings without effect", async (t) => {
  const settings = { SCREAM_RATE: "5", SCREAM_MAX_PER_ADDRESS: "256" };
  const idle = await useServer(t, { settings });
  const warned = await waitFor(() => {
    const lines = idle.logs().filter((one) => one.level === "warn");
    return lines.length >= 2 && lines.map((one) => one.detail);
  }, "both warnings");
  assert.match(warned[0], /SCREAM_MAX_PER_ADDRESS is 256, which has no effect: max_connections/);
  assert.match(warned[1], /every client comes from loopback.*SCREAM_TRUSTED_PROXIES/);
  const listening = idle.logs().find((one) => one.msg === "listening");
  assert.deepEqual([listening.rate, listening.rate_burst], [5, 20]);
  assert.equal(listening.max_per_address, 256);
  assert.equal(listening.trusted_proxies, undefined);
  const proxies = "127.0.0.1, 10.0.0.0/8";
  const quiet = await useServer(t, {
    settings: { SCREAM_RATE: "5", SCREAM_TRUSTED_PROXIES: proxies },
  });
  assert.deepEqual(quiet.logs().filter((one) => one.level === "warn"), []);
  const line = quiet.logs().find((one) => one.msg === "listening");
  assert.equal(line.trusted_proxies, proxies);
  const burst = await scream(["config"], { settings: { SCREAM_RATE_BURST: "9" } });
  assert.match(burst.stderr, /SCREAM_RATE_BURST has no effect without a rate/);
});

test("the server warns of unknown keys in its log", async (t) => {
  const path = await configFile("htp_port: 1\n");
  const server = await useServer(t, { args: ["--config", path] });
  const line = await waitFor(
    () => server.logs().find((one) => one.level === "warn"),
    "the warning",
  );
  assert.match(line.detail, /htp_port/);
});

test("a URL does not depend on the configuration", async (t) => {
  const plain = await useServer(t);
  const other = await useServer(t, {
    settings: { SCREAM_PRESET: "robot", SCREAM_DURATION: "1s", SCREAM_VOLUME: "0.1" },
  });
  const path = "/scream.wav?preset=glitch&seed=5";
  const [one, two] = await Promise.all([plain.get(path), other.get(path)]);
  assert.ok(one.body.equals(two.body));
});

test("bounds of the configuration hold for URLs", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_MAX_DURATION: "2s", SCREAM_MAX_VOLUME: "0.5" },
  });
  const long = await server.get("/scream.ogg?preset=robot&duration=2.001");
  assert.equal(long.status, 400);
  assert.match(long.body.toString(), /to 2 s/);
  assert.equal((await server.get("/scream.ogg?preset=robot&duration=2")).status, 200);
  const own = await server.get("/scream.ogg?preset=banshee");
  assert.ok([200, 400].includes(own.status), "a preset longer than allowed has an answer");
  const { parameters } = JSON.parse((await server.get("/parameters")).body);
  assert.equal(parameters.find(({ name }) => name === "duration").maximum, 2);
  assert.equal(parameters.find(({ name }) => name === "volume").maximum, 0.5);
});

test("it listens where it is told: IPv4, IPv6, everywhere", async (t) => {
  const hasSix = existsSync("/proc/net/if_inet6") && readFileSync("/proc/net/if_inet6").length > 0;
  const cases = [["127.0.0.1", ["127.0.0.1"]]];
  if (hasSix) {
    cases.push(["::1", ["::1"]], ["*", ["127.0.0.1", "::1"]]);
  } else {
    t.diagnostic("this machine has no IPv6");
    cases.push(["*", ["127.0.0.1"]]);
  }
  for (const [address, reached] of cases) {
    const server = await useServer(t, { settings: { SCREAM_HTTP_ADDR: address } });
    assert.equal(server.host, address === "::1" ? "[::1]" : "127.0.0.1", "an address to open");
    for (const host of reached) {
      assert.equal((await server.get("/livez", { host })).status, 200, host);
    }
    const settings = { SCREAM_HTTP_ADDR: address, SCREAM_HTTP_PORT: String(server.port) };
    assert.equal((await scream(["healthcheck"], { settings })).code, 0, address);
  }
});

test("the URL that is printed works as it stands", async (t) => {
  const server = await useServer(t);
  const url = new URL(/http:\/\/\S+/.exec(server.stdout)[0]);
  const answer = await get(url.port, url.pathname + url.search, { host: url.hostname });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "audio/ogg; codecs=opus");
});
