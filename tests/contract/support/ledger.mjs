/*
 * tests/contract/support/ledger.mjs - holds every answer against the contract, and keeps count.
 * Why:    whatever sends requests for the tests asks here, so that no test can forget it; an answer
 *         that breaks the contract fails the test that saw it, and the run even if that test
 *         expected an error and swallowed this one.
 * Flow:   holdHead -> holdBody when the body was read whole -> a line of the file that
 *         SCREAM_CONTRACT_LEDGER names when the process ends, for the stage to add up.
 * By:     "server" is the contract's own; "library" is what libmicrohttpd says to bytes that are no
 *         request, which the document names as outside of it; "anyone" where either may be first.
 */
import { appendFileSync } from "node:fs";

import { judgeBody, judgeHead } from "./judge.mjs";

export class ContractError extends Error {}

const counts = { heads: 0, bodies: 0, library: 0 };
const breaches = [];
const pairs = new Map();
const listeners = new Map();
const servers = new Set();

/** Says that a port is a server of ours; isServer tells a browser's answers apart by it. */
export function noteServer(port) {
  servers.add(Number(port));
}

/** Whether a port is, or was, a server of ours. */
export function isServer(port) {
  return servers.has(Number(port));
}

/** Says which side of a server with an admin port a port is: "public" or "admin". */
export function nameListener(port, side) {
  listeners.set(port, side);
}

/* Hostile bytes stay on one line, and out of the terminal. */
function printable(text) {
  const hex = (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return text.slice(0, 1000).replace(/[^\x20-\x7e]/g, hex);
}

function blame(name, faults) {
  if (faults.length > 0) {
    const said = printable(`${name}: ${faults.join("; ")}`);
    breaches.push(said);
    throw new ContractError(`openapi.yaml, ${said}`);
  }
}

/* The library writes short pages of HTML and knows nothing of request ids. */
function isOfLibrary({ status, headers }) {
  const isPage = (headers["content-type"] ?? "text/html").startsWith("text/html");
  return status >= 400 && isPage && headers["x-request-id"] === undefined;
}

/**
 * Holds the head of an answer against the contract; throws ContractError.
 * in      request  { port, method, target }; method undefined: no request line was sent
 *         answer   { status, headers, names }
 *         by       whose answer it is; see above
 * returns a ruling for holdBody, or null for an answer of the library
 */
export function holdHead(request, answer, by = "server") {
  const ofLibrary = isOfLibrary(answer);
  if (by === "library" || (by === "anyone" && ofLibrary)) {
    const said = JSON.stringify(answer.headers);
    blame("the library", ofLibrary ? [] : [`status ${answer.status} is not its own: ${said}`]);
    counts.library += 1;
    return null;
  }
  const listener = listeners.get(Number(request.port));
  const ruling = judgeHead({ ...request, listener }, answer);
  ruling.title = `${request.method ?? "no request"} ${(request.target ?? "").slice(0, 200)}`;
  counts.heads += 1;
  const pair = `${ruling.name} ${ruling.status}`;
  pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  blame(`${ruling.title} (${ruling.status})`, ruling.faults);
  return ruling;
}

/** Holds the whole body of the same answer against the contract; throws ContractError. */
export function holdBody(ruling, body) {
  if (ruling !== null) {
    counts.bodies += 1;
    blame(`${ruling.title} (${ruling.status})`, judgeBody(ruling, body));
  }
}

/** How often each "METHOD PATH STATUS" was seen by this process. */
export function pairsSeen() {
  return new Map(pairs);
}

process.on("exit", () => {
  const file = process.env.SCREAM_CONTRACT_LEDGER;
  const lines = [
    `responses ${counts.heads} ${counts.bodies} ${counts.library}`,
    ...[...pairs].map(([pair, count]) => `pair ${count} ${pair}`),
    ...breaches.map((breach) => `breach ${breach}`),
  ];
  if (file && counts.heads + counts.library > 0) {
    appendFileSync(file, `${lines.join("\n")}\n`);
  }
  if (breaches.length > 0) {
    process.exitCode ||= 1;
  }
});
