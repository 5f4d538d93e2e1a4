/*
 * tests/contract/judge.test.mjs - the judge is not blind.
 * Aim:    an answer of the server passes; the same answer with any one thing wrong does not.
 * Method: real answers, changed by hand one thing at a time, go to the judge again.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { problemOf } from "../e2e/support/http.mjs";
import { endServer, startServer } from "../e2e/support/server.mjs";
import { answersTo, pathOf } from "./support/document.mjs";
import { judgeBody, judgeHead } from "./support/judge.mjs";

let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

/* All faults of an answer to a request. */
function faultsOf(request, { status, headers, body, names }) {
  const ruling = judgeHead(request, { status, headers, names });
  return [...ruling.faults, ...judgeBody(ruling, body)].join("; ");
}

function assertFault(request, answer, wanted) {
  assert.match(faultsOf(request, answer), wanted);
}

const asJson = (value) => Buffer.from(JSON.stringify(value));
const changed = (answer, headers) => ({ ...answer, headers: { ...answer.headers, ...headers } });

/* A body of another length, with the header that says so. */
function withBody(answer, body) {
  return { ...changed(answer, { "content-length": String(body.length) }), body };
}

test("heads: each fault is seen", async () => {
  const request = { method: "GET", target: "/scream.ogg?preset=robot&seed=1" };
  const answer = await server.get(request.target);
  assert.equal(faultsOf(request, answer), "");
  assertFault(request, { ...answer, status: 201 }, /status 201 is not described/);
  assertFault(request, changed(answer, { "x-secret": "1" }), /x-secret is not described/);
  assertFault(request, changed(answer, { "x-request-id": undefined }), /x-request-id is missing/);
  assertFault(request, changed(answer, { "accept-ranges": "items" }), /accept-ranges/);
  assertFault(request, changed(answer, { "x-scream-engine": "one" }), /must be a number/);
  assertFault(request, changed(answer, { "x-scream-engine": "0" }), /x-scream-engine/);
  assertFault(request, changed(answer, { etag: 'W/"x"' }), /etag/);
  assertFault(request, changed(answer, { "content-type": "audio/wav" }), /Content-Type audio\/wav/);
  assertFault(request, changed(answer, { "content-type": "audio/ogg" }), /Content-Type audio\/ogg/);
  assertFault(request, changed(answer, { "content-type": undefined }), /Content-Type undefined/);
  assertFault(request, { ...answer, names: ["etag", "date", "etag"] }, /etag .* more than once/);
  assertFault(request, changed(answer, { "content-length": "1" }), /Content-Length is 1/);
});

test("bodies: each fault is seen", async () => {
  const request = { method: "GET", target: "/version" };
  const answer = await server.get(request.target);
  const version = JSON.parse(answer.body);
  assert.equal(faultsOf(request, answer), "");
  assertFault(request, withBody(answer, Buffer.from("{")), /no JSON/);
  assertFault(request, withBody(answer, asJson({ ...version, engine: "1" })), /engine must be int/);
  assertFault(request, withBody(answer, asJson({ ...version, more: 1 })), /additional properties/);
  assertFault(request, withBody(answer, asJson({ ...version, built: undefined })), /'built'/);
  const gone = await server.get(request.target, { headers: { "If-None-Match": "*" } });
  assert.equal(faultsOf(request, gone), "");
  assertFault(request, { ...gone, body: Buffer.from("x") }, /where none may be/);
});

test("problems: each fault is seen", async () => {
  const request = { method: "GET", target: "/scream.ogg?preset=nobody" };
  const answer = await server.get(request.target);
  const problem = problemOf(answer);
  const spoil = (change) => withBody(answer, asJson({ ...problem, ...change }));
  assert.equal(faultsOf(request, answer), "");
  assertFault(request, spoil({ status: 404 }), /status/);
  assertFault(request, spoil({ requestId: "another" }), /is not X-Request-Id/);
  assertFault(request, spoil({ type: "/problems/not-found" }), /type must be equal to one of/);
  assertFault(request, spoil({ instance: undefined }), /'instance'/);
  assertFault(request, spoil({ errors: [{ parameter: "preset" }] }), /'detail'/);
});

test("HEAD is judged as GET without a body", async () => {
  const { headers } = await server.get("/presets");
  const request = { method: "HEAD", target: "/presets" };
  const answer = { status: 200, headers, body: Buffer.alloc(0) };
  assert.equal(faultsOf(request, answer), "");
  assertFault(request, { ...answer, body: Buffer.from("x") }, /1 bytes of body/);
});

test("addresses find their operation, and what has none finds nothing else", () => {
  const name = (method, target, listener) => answersTo({ method, target, listener }).name;
  assert.equal(name("GET", "/problems/not-found"), "GET /problems/{name}");
  assert.equal(name("GET", "/problems/a/b"), "GET elsewhere");
  assert.equal(name("GET", "/scream-ogg"), "GET elsewhere");
  assert.equal(name("HEAD", "/livez?verbose"), "HEAD /livez");
  assert.equal(name("GET", "http://localhost:1/livez"), "GET /livez");
  assert.equal(name("GET", "/presets", "admin"), "GET elsewhere");
  assert.equal(name("GET", "/livez", "admin"), "GET /livez");
  assert.equal(name(undefined), "no request");
  assert.equal(pathOf("/a?b=/c#d"), "/a");
  const statuses = (method, target) => Object.keys(answersTo({ method, target }).responses);
  assert.ok(!statuses("GET", "/nowhere").includes("405"));
  assert.ok(!statuses("POST", "/presets").includes("404"));
  assert.ok(!statuses("POST", "/presets").includes("501"));
  assert.ok(!statuses("POST", "/presets").includes("204"));
  assert.ok(statuses("BREW", "/presets").includes("501"));
  assert.ok(statuses("OPTIONS", "*").includes("204"));
});
