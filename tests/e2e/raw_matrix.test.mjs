/*
 * tests/e2e/raw_matrix.test.mjs - what arrives on a socket need not be HTTP.
 * Aim:    whatever bytes come: the server lives, each connection is answered once or closed, and
 *         behind a malformed request, or one that was not alone, no second one is ever run.
 * Method: the cases of raw_matrix/, sixteen at a time. A canary goes out behind each: a request for
 *         a route that nothing else asks. That it ran would show in three places: in bytes behind
 *         the only answer, in the access log by its request id, and in the metrics by its route.
 *         Cases marked everyByte are sent once more for each place where they can be cut in two;
 *         most classes once more on connections that have been used before.
 * Limits: about 600 cases and 3,000 connections. Nothing is judged by the clock; the slowest case
 *         is printed, for it must stay below 6 s.
 */
import assert from "node:assert/strict";
import { after, before, describe, it, test } from "node:test";

import { canaryRoute } from "./raw_matrix/bytes.mjs";
import { chunks } from "./raw_matrix/chunks.mjs";
import { conditional } from "./raw_matrix/conditional.mjs";
import { connection } from "./raw_matrix/connection.mjs";
import { expect } from "./raw_matrix/expect.mjs";
import { fields } from "./raw_matrix/fields.mjs";
import { framing } from "./raw_matrix/framing.mjs";
import { host } from "./raw_matrix/host.mjs";
import { cutsOf, judge } from "./raw_matrix/judge.mjs";
import { pipelining } from "./raw_matrix/pipelining.mjs";
import { protocols } from "./raw_matrix/protocols.mjs";
import { requestLine } from "./raw_matrix/request_line.mjs";
import { endServer, startServer } from "./support/server.mjs";
import { pooled } from "./support/wait.mjs";

const classes = {
  ...{ framing, chunks, fields, requestLine, host, expect },
  ...{ connection, conditional, pipelining, protocols },
};
const cases = Object.entries(classes).flatMap(([name, list]) =>
  list.map((each) => ({ ...each, name: `${name}: ${each.name}` })),
);
const atOnce = 16;
const slowest = { whole: { ms: 0 }, cut: { ms: 0 } };
let server;
let base;
let cutsSent = 0;

/* What must be as it was when all is over. */
function gauges(metrics) {
  return {
    connections: metrics.sum("scream_http_connections"),
    in_flight: metrics.sum("http_requests_in_flight"),
    open_fds: metrics.sum("process_open_fds"),
    threads: metrics.sum("process_threads"),
  };
}

function canaries(metrics) {
  return metrics.sum("http_requests_total", { route: canaryRoute });
}

async function assertAlive() {
  assert.equal(server.exited, false, `the server is gone: ${server.stderr.slice(-2000)}`);
  assert.equal((await server.get("/livez")).status, 200);
}

/* Faults as sentences that say what was sent, and how. */
async function run(each, id, how = {}) {
  const { faults, ms } = await judge(server.port, each, id, how);
  const where = how.cut === undefined ? "" : `, cut at ${how.cut}`;
  const kind = how.cut === undefined ? "whole" : "cut";
  if (ms > slowest[kind].ms) {
    slowest[kind] = { ms, name: each.name + where };
  }
  const sent = JSON.stringify(each.send.slice(0, 300));
  return faults.map((fault) => `${each.name}${where}: ${fault}; sent ${sent}`);
}

before(async () => {
  server = await startServer();
  await server.get("/livez");
  base = gauges(await server.metrics());
});
after(() => endServer(server));

test("the matrix is as large as it should be, and every case has a name of its own", (t) => {
  assert.equal(new Set(cases.map((each) => each.name)).size, cases.length);
  for (const [name, list] of Object.entries(classes)) {
    t.diagnostic(`${name}: ${list.length} cases`);
  }
  const cut = cases.filter((each) => each.everyByte);
  t.diagnostic(`${cases.length} cases, ${cut.length} of them cut at every byte`);
  assert.ok(cases.length >= 220);
  assert.ok(cut.length >= 20);
});

describe("in one piece", { concurrency: atOnce }, () => {
  for (const [i, each] of cases.entries()) {
    it(each.name, async () => {
      assert.deepEqual(await run(each, `canary-${i}`), []);
      await assertAlive();
    });
  }
});

describe("in two pieces", { concurrency: atOnce }, () => {
  for (const [i, each] of cases.entries()) {
    if (!each.everyByte) {
      continue;
    }
    it(`${each.name}, cut at every byte`, async () => {
      const faults = [];
      for (const cut of cutsOf(each)) {
        faults.push(...(await run(each, `canary-${i}-${cut}`, { cut })));
        cutsSent += 1;
      }
      assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
      await assertAlive();
    });
  }
});

describe("on a connection that was kept", () => {
  for (const name of ["framing", "fields", "requestLine", "host", "pipelining"]) {
    it(`${name}, all of it`, async () => {
      const tasks = classes[name].map((each, i) => () => {
        return run(each, `canary-kept-${name}-${i}`, { isKept: true });
      });
      const faults = (await pooled(tasks, atOnce)).flat();
      assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults`);
      await assertAlive();
    });
  }
});

test("no canary has run, nothing is left open, and the log is JSON", async (t) => {
  const when = (metrics) => {
    const now = gauges(metrics);
    return Object.keys(base).every((name) => now[name] <= base[name]);
  };
  const metrics = await server.metricsWhen(when, `gauges at most ${JSON.stringify(base)}`);
  const lines = server.logs();
  /* Bytes without an end of line make one malformed request of themselves and the canary. */
  const isCanary = (line) => /^(canary|smuggled)/.test(line.request_id ?? "");
  const ran = lines.filter((line) => isCanary(line) && line.problem !== "malformed-header");
  assert.deepEqual(ran, [], "requests behind others that ran");
  assert.equal(canaries(metrics), 0, "requests that ran without being logged as such");
  for (const line of server.stderr.split("\n").slice(0, -1)) {
    assert.doesNotThrow(() => JSON.parse(line), line);
    /* eslint-disable-next-line no-control-regex */
    assert.doesNotMatch(line, /[\x00-\x1f\x7f]/);
  }
  for (const [kind, { ms, name }] of Object.entries(slowest)) {
    t.diagnostic(`slowest, ${kind}: ${(ms / 1000).toFixed(2)} s, ${name}`);
  }
  t.diagnostic(`${cutsSent} cuts; ${lines.length} log lines, ${server.stderr.length} bytes`);
});
