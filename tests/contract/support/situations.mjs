/*
 * tests/contract/support/situations.mjs - requests as openapi.yaml writes them, and the states of a
 *         server in which they get their answer.
 * Why:    the summary of an example is a request that anybody can repeat; this repeats it.
 * Reads:  "METHOD TARGET", then header lines after commas, then a situation after a semicolon:
 *         GET /scream, Accept: image/png; while the server is stopping
 * Flow:   readSummary -> ask -> a server of that situation (one for each, kept) -> the answer.
 */
import assert from "node:assert/strict";

import { RawClient } from "../../e2e/support/raw.mjs";
import { endServer, startServer } from "../../e2e/support/server.mjs";
import { waitFor } from "../../e2e/support/wait.mjs";

/** The request of a summary: { method, target, headers: [lines], situation }. */
export function readSummary(summary) {
  const [asked, situation = ""] = summary.split("; ");
  const [line, ...headers] = asked.split(", ");
  const [method, target, ...rest] = line.split(" ");
  assert.ok(target && rest.length === 0, `this summary is no request: ${summary}`);
  return { method, target, headers, situation };
}

/* Clients on this machine have no rate, so a proxy says that somebody else asks. */
const stranger = "192.0.2.1";
const targetBytesMax = 2048;
const headerLinesMax = 64;

function lengthen(target) {
  const open = target.includes("?") ? target : `${target}?seed=`;
  return open + "x".repeat(targetBytesMax + 1 - open.length);
}

/* What a situation changes about the request. */
const changes = {
  "with a target of 2,049 bytes": (request) => ({ ...request, target: lengthen(request.target) }),
  "with 65 header lines": (request) => ({
    ...request,
    headers: [
      ...request.headers,
      ...Array(headerLinesMax - request.headers.length).fill("X-Line: 1"),
    ],
  }),
  "as HTTP/1.2": (request) => ({ ...request, version: "HTTP/1.2" }),
  "by a client beyond its rate": (request) => ({
    ...request,
    headers: [...request.headers, `X-Forwarded-For: ${stranger}`],
  }),
};

/* Reads no more than what a stream begins with, so that the server keeps it. */
async function stall(server, target) {
  const client = await RawClient.connect(server.port);
  const { status } = await client.get(target).head();
  assert.equal(status, 200, target);
  await client.chunk();
  return client;
}

async function fillArena(server) {
  const guests = [];
  for (const [seed, seconds] of [51, 60, 60].entries()) {
    guests.push(await stall(server, `/scream.ogg?preset=robot&seed=${seed}&duration=${seconds}`));
  }
  const metrics = await server.metrics();
  const left = metrics.sum("scream_arena_extents") - metrics.sum("scream_arena_extents_wanted");
  assert.ok(left < 10, `no scream of a second fits into ${left} KiB`);
  return guests;
}

async function fillConnections(server) {
  const guests = await Promise.all(Array.from({ length: 8 }, () => RawClient.connect(server.port)));
  for (const guest of guests) {
    assert.equal((await guest.get("/livez").head()).status, 200);
  }
  return guests;
}

/* The one token of the client; the next comes back in a quarter of an hour. */
async function spendRate(server) {
  const answer = await server.get("/version", { headers: { "X-Forwarded-For": stranger } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.ratelimit, /r=0/);
  return [];
}

async function beginStop(server) {
  server.kill("SIGTERM");
  await waitFor(() => server.stderr.includes('"stopping"'), "the signal");
  return [];
}

/* The servers of situations: settings, and what makes them so. */
const servers = {
  "": { settings: {} },
  "while all memory for screams is taken": {
    settings: { SCREAM_ARENA_BYTES: "2MiB" },
    prepare: fillArena,
  },
  "while all connections are taken": {
    settings: { SCREAM_MAX_CONNECTIONS: "8" },
    prepare: fillConnections,
  },
  "while the server is stopping": {
    settings: { SCREAM_DRAIN_DELAY: "3600s" },
    prepare: beginStop,
    mayDie: true,
  },
  "where an admin port has taken over": { settings: { SCREAM_ADMIN_PORT: "0" } },
  "by a client beyond its rate": {
    settings: {
      SCREAM_RATE: "0.001",
      SCREAM_RATE_BURST: "1",
      SCREAM_TRUSTED_PROXIES: "127.0.0.1",
    },
    prepare: spendRate,
  },
};

/** The situations that can be brought about, and those that cannot, with the reason. */
export const impossible = {
  "by a fault of the server": "only a fault of ours gives it; tests/api/problem_test.c",
  "by a client with too many connections":
    "clients on this machine have none; tests/e2e/client_limits.test.mjs asks from elsewhere",
};

/** The servers of one test file. */
export class Situations {
  #running = new Map();

  async #enter(situation) {
    const kind = servers[situation] ?? (changes[situation] ? servers[""] : undefined);
    assert.ok(kind, `there is no situation "${situation}"`);
    if (!this.#running.has(kind)) {
      const server = await startServer({ settings: kind.settings });
      const guests = [];
      this.#running.set(kind, { server, guests, mayDie: kind.mayDie });
      guests.push(...((await kind.prepare?.(server)) ?? []));
    }
    return this.#running.get(kind).server;
  }

  /** The server of a situation. */
  server(situation = "") {
    return this.#enter(situation);
  }

  /** Sends a request of readSummary; { status, headers, body }. HEAD has no body to read. */
  async ask(request) {
    const server = await this.#enter(request.situation);
    const sent = (changes[request.situation] ?? ((same) => same))(request);
    const lines = [
      `${sent.method} ${sent.target} ${sent.version ?? "HTTP/1.1"}`,
      "Host: localhost",
      ...sent.headers,
    ];
    const client = await RawClient.connect(server.port);
    try {
      client.send(`${lines.join("\r\n")}\r\n\r\n`);
      const head = await client.head();
      const body = sent.method === "HEAD" ? Buffer.alloc(0) : await client.body(head);
      return { ...head, body };
    } finally {
      client.close();
    }
  }

  /** Ends all servers. */
  async end() {
    for (const { server, guests, mayDie } of this.#running.values()) {
      guests.forEach((guest) => guest.close());
      await endServer(server, { mayDie });
    }
  }
}
