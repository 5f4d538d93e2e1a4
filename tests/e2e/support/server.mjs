/*
 * tests/e2e/support/server.mjs - starts the program as a user would, and stops it again.
 * Why:    every test talks to the real binary; nothing of the caller's environment leaks in.
 * Flow:   startServer or useServer -> spawn on a free loopback port -> URL line -> tests ->
 *         endServer: SIGTERM; the exit code must be 0 and the log must hold no error.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { nameListener, noteServer } from "../../contract/support/ledger.mjs";
import { get } from "./http.mjs";
import { Metrics } from "./metrics.mjs";
import { waitFor } from "./wait.mjs";

/** The root of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The program under test. */
export const binary = process.env.SCREAM_BINARY || `${root}build/release/scream`;

/** An environment without any setting of ours but those given. */
export function environment(settings = {}) {
  return { PATH: process.env.PATH, LANG: "C.UTF-8", ...settings };
}

/** A running server: url, port, output so far, and ways to end it. */
export class Server {
  constructor(child) {
    this.child = child;
    this.stdout = "";
    this.stderr = "";
    this.exited = false;
    this.code = null;
    this.signal = null;
    child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    this.exit = new Promise((resolve) => {
      child.on("close", (code, signal) => {
        Object.assign(this, { exited: true, code, signal });
        resolve({ code, signal });
      });
    });
  }

  /** Waits for the line that tells where to open the program. */
  async ready() {
    await waitFor(
      () => this.exited || /^.*http:\/\/\S+.*$/m.test(this.stdout),
      () => `the URL line; so far stdout: ${this.stdout} stderr: ${this.stderr}`,
      60000,
    );
    const found = /http:\/\/(\[[^\]]+\]|[^\s:/]+):(\d+)/.exec(this.stdout);
    assert.ok(found, `no URL; exit ${this.code} ${this.signal}; ${this.stdout}${this.stderr}`);
    this.host = found[1];
    this.port = Number(found[2]);
    this.url = found[0];
    noteServer(this.port);
  }

  /** The admin port, as the log names it. */
  async adminPort() {
    const line = await waitFor(
      () => this.logs().find((event) => event.msg === "listening"),
      "the line about listening",
    );
    assert.ok(line.admin_port > 0, "there is an admin port");
    nameListener(this.port, "public");
    nameListener(line.admin_port, "admin");
    return line.admin_port;
  }

  /** GET of a path on a connection of its own. */
  get(path, options = {}) {
    return get(this.port, path, options);
  }

  /** The numbers of /metrics now. */
  async metrics() {
    const answer = await this.get("/metrics");
    assert.equal(answer.status, 200);
    return new Metrics(answer.body.toString("utf8"));
  }

  /** Waits until the metrics satisfy a condition and returns them. */
  async metricsWhen(condition, what, timeoutMs = 20000) {
    let last;
    await waitFor(
      async () => condition((last = await this.metrics())),
      () => `${what}; now:\n${last?.brief()}`,
      timeoutMs,
    );
    return last;
  }

  /** Every log line as an object. */
  logs() {
    return this.stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  }

  kill(signal) {
    this.child.kill(signal);
  }

  /** Asks for the end; returns { code, signal } once the process is gone. */
  async stop(signal = "SIGTERM", timeoutMs = 60000) {
    if (!this.exited) {
      this.kill(signal);
      await waitFor(
        () => this.exited,
        () => `the end after ${signal}; log: ${this.stderr.slice(-4000)}`,
        timeoutMs,
      );
    }
    return this.exit;
  }
}

/**
 * Starts a server; the caller stops it. Port 0 unless settings or arguments say otherwise.
 * in      front    words in front of the program's: another program that becomes it (prlimit)
 *         program  another build of it
 */
export async function startServer({
  settings = {},
  args = [],
  front = [],
  program = binary,
} = {}) {
  const [first, ...words] = [...front, program, "serve", ...args];
  const child = spawn(first, words, {
    env: environment({ SCREAM_HTTP_PORT: "0", SCREAM_LOG_FORMAT: "json", ...settings }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const server = new Server(child);
  try {
    await new Promise((resolve, reject) => {
      child.on("spawn", resolve);
      child.on("error", reject);
    });
    await server.ready();
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
  return server;
}

/** Ends a server and makes sure that it ended well. */
export async function endServer(server, { mayDie = false } = {}) {
  try {
    if (mayDie || !server) {
      return;
    }
    const { code, signal } = await server.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, server.stderr.slice(-4000));
    const errors = server.logs().filter((line) => line.level === "error");
    assert.deepEqual(errors, [], "the log holds errors");
  } finally {
    server?.kill("SIGKILL");
  }
}

/** A server for one test. */
export async function useServer(t, options = {}) {
  const server = await startServer(options);
  t.after(() => endServer(server, options));
  return server;
}
