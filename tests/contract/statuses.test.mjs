/*
 * tests/contract/statuses.test.mjs - every status of every operation, provoked.
 * Aim:    openapi.yaml promises no status that never comes, and none comes that it does not know.
 * Method: one way to each status, tried on every operation that describes it; the answer is held
 *         against the document on its way here. What cannot be provoked is named, with the reason.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { elsewhere, operations } from "./support/document.mjs";
import { pairsSeen } from "./support/ledger.mjs";
import { impossible, Situations } from "./support/situations.mjs";

let situations;

before(() => {
  situations = new Situations();
});
after(() => situations.end());

const isSound = ({ path }) => path.startsWith("/scream");
const isOnAdmin = ({ listener }) => listener === "admin";

/* A header line, or a situation; and a query for sounds that must be the same ones again. */
const plainly = () => ({});
const withLine = (line) => () => ({ headers: [line] });
const inSituation = (situation) => () => ({ situation });
const stable = (change) => (operation) => ({
  ...change(operation),
  ...(isSound(operation) ? { query: "?preset=robot&seed=1&duration=0.1" } : {}),
});

/* 503 has several reasons; each operation meets the one that is closest to what it does. */
function busy(operation) {
  if (operation.path === "/readyz" && operation.method === "GET") {
    return { situation: "while the server is stopping" };
  }
  if (["/scream.ogg", "/scream"].includes(operation.path) && operation.method === "GET") {
    return { situation: "while all memory for screams is taken" };
  }
  return { situation: "while all connections are taken" };
}

/* Health, preflights and what an error means have no rate, and clients on this machine no limit of
 * connections. */
function limited(operation) {
  const { method, path } = operation;
  return isOnAdmin(operation) || method === "OPTIONS" || path.startsWith("/problems/")
    ? { situation: "by a client with too many connections" }
    : { situation: "by a client beyond its rate" };
}

function missing(operation) {
  return isOnAdmin(operation)
    ? { situation: "where an admin port has taken over" }
    : { target: operation.path.replace("{name}", "nonsense") };
}

const ways = {
  200: plainly,
  204: plainly,
  206: stable(withLine("Range: bytes=0-99")),
  304: stable(withLine("If-None-Match: *")),
  400: withLine("Content-Length: 5"),
  404: missing,
  406: withLine("Accept: image/png"),
  412: stable(withLine('If-Match: "x"')),
  414: inSituation("with a target of 2,049 bytes"),
  416: stable(withLine("Range: bytes=99999999-")),
  417: withLine("Expect: 200-ok"),
  429: limited,
  431: inSituation("with 65 header lines"),
  500: inSituation("by a fault of the server"),
  503: busy,
  505: inSituation("as HTTP/1.2"),
};

/* The situation of an operation's status, if it is one of those that nobody can bring about. */
function impossibleSituation(operation, status) {
  const { situation = "" } = ways[status]?.(operation) ?? {};
  return impossible[situation] ? situation : undefined;
}

async function provoke(operation, status) {
  const way = ways[status];
  assert.ok(way, `nobody knows how to provoke ${status}`);
  const { target, query = "", headers = [], situation = "" } = way(operation);
  const path = target ?? operation.path.replace("{name}", "not-found") + query;
  const request = { method: operation.method, target: path, headers, situation };
  const answer = await situations.ask(request);
  assert.equal(answer.status, Number(status), `${request.method} ${path} ${situation}`);
  const pair = `${operation.name} ${status}`;
  assert.ok(pairsSeen().get(pair) > 0, `${pair} was not held against the document`);
}

const possibleStatuses = (operation) =>
  Object.keys(operation.responses).filter((status) => !impossibleSituation(operation, status));

for (const operation of operations) {
  for (const status of possibleStatuses(operation)) {
    test(`${operation.name} ${status}`, () => provoke(operation, status));
  }
}

/* HEAD is as GET wherever the document does not say more about it. */
const heads = operations.filter(
  ({ method, path }) =>
    method === "GET" && !operations.some((other) => other.name === `HEAD ${path}`),
);

for (const operation of heads) {
  test(`HEAD ${operation.path} answers as GET does`, async () => {
    for (const status of possibleStatuses(operation)) {
      const name = `HEAD ${operation.path}`;
      await provoke({ ...operation, method: "HEAD", name }, status);
    }
  });
}

/* What no operation describes: method, target, and how else the request differs. */
const strays = {
  204: { method: "OPTIONS", target: "*" },
  400: { headers: ["Content-Length: 5"] },
  404: {},
  405: { method: "DELETE", target: "/presets" },
  414: { situation: "with a target of 2,049 bytes" },
  417: { headers: ["Expect: 200-ok"] },
  429: { situation: "by a client beyond its rate" },
  431: { situation: "with 65 header lines" },
  501: { method: "BREW", target: "/presets" },
  503: { situation: "while all connections are taken" },
  505: { situation: "as HTTP/1.2" },
};

for (const status of Object.keys(elsewhere)) {
  test(`elsewhere ${status}`, async () => {
    assert.ok(strays[status], `nobody knows how to provoke ${status}`);
    const plain = { method: "GET", target: "/nowhere", headers: [], situation: "" };
    const request = { ...plain, ...strays[status] };
    const answer = await situations.ask(request);
    assert.equal(answer.status, Number(status));
  });
}

test("what cannot be provoked is of the kinds that are named, and of no other", () => {
  const reasons = operations.flatMap((operation) =>
    Object.keys(operation.responses)
      .filter((status) => impossibleSituation(operation, status))
      .map((status) => `${status} ${impossibleSituation(operation, status)}`),
  );
  assert.deepEqual([...new Set(reasons)].sort(), [
    "429 by a client with too many connections",
    "500 by a fault of the server",
  ]);
});
