/*
 * tests/e2e/raw_matrix/judge.mjs - sends one case, reads all that comes back, finds fault with it.
 * Flow:   send (in one piece, or in two) -> one answer -> the end, or one more request on the kept
 *         connection -> faults as sentences.
 * Why:    every byte behind the only answer counts: an answer nobody may get is the harm itself.
 * Limits: time-outs only end what hangs; how long a case took is reported, not judged.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { holdBody } from "../../contract/support/ledger.mjs";
import { RawClient } from "../support/raw.mjs";
import { canary, head } from "./bytes.mjs";

/* Long enough for an idle server to read the first piece alone; when it is not, the pieces meet in
 * one read, and the verdict is the same. */
const pauseMs = 12;

const second = head("GET /startupz HTTP/1.1", "Host: a", "X-Request-Id: second");

function bytes(text) {
  return Buffer.from(text, "latin1");
}

/* The length of a chunked body from `at` on, or null when it is not complete. */
function chunkedEnd(all) {
  let at = 0;
  for (;;) {
    const end = all.indexOf("\r\n", at);
    const size = end < 0 ? NaN : Number.parseInt(all.toString("latin1", at, end), 16);
    if (!(size >= 0)) {
      return null;
    }
    at = end + 2 + size + 2;
    if (at > all.length || all.toString("latin1", at - 2, at) !== "\r\n") {
      return null;
    }
    if (size === 0) {
      return at;
    }
  }
}

/* Where the body of an answer ends in what came behind its head; null when it broke off. */
function bodyEnd(all, headers, status, toHead) {
  if (toHead || status === 204 || status === 304) {
    return 0;
  }
  if (headers["transfer-encoding"] === "chunked") {
    return chunkedEnd(all);
  }
  const length = Number(headers["content-length"] ?? all.length);
  return length <= all.length ? length : null;
}

/* The library's own page whose head is sent twice: the second one, then the page. */
function isDoubled(all, headers) {
  const text = all.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  return (
    /^HTTP\/1\.[01] 4\d\d /.test(text) &&
    end >= 0 &&
    text.length - end - 4 === Number(headers["content-length"]) &&
    text.indexOf("HTTP/1.", 1) < 0
  );
}

/* The final head, with those of interim answers left out. */
async function finalHead(client, by) {
  for (;;) {
    const answered = await client.head({ by });
    if (!/^HTTP\/1\.[01] \d{3}( |$)/.test(answered.line)) {
      throw new Error(`no status line: ${JSON.stringify(answered.line.slice(0, 80))}`);
    }
    if (answered.status >= 200) {
      return answered;
    }
  }
}

/* All that comes until the end. */
async function judgeEnd(each, client, answered) {
  const { status, headers } = answered;
  const { ruling } = client;
  const all = await client.rest();
  const end = bodyEnd(all, headers, status, each.head === true);
  if (end === null) {
    return each.head === "broken" ? [] : ["the body breaks off"];
  }
  const isOurs = headers["x-request-id"] !== undefined;
  if (!isOurs && each.doubled && isDoubled(all, headers)) {
    return [];
  }
  if (headers["transfer-encoding"] === undefined) {
    holdBody(ruling, all.subarray(0, end));
  }
  const faults = [];
  if (each.doubled === true && !isOurs) {
    faults.push("the library does not send its head twice any more: say so in the case");
  }
  if (all.length > end) {
    faults.push(`behind the answer: ${JSON.stringify(all.toString("latin1", end, end + 200))}`);
  }
  return faults;
}

/* A kept connection takes one more request, unless the client has said that there is none. */
async function judgeKept(each, client, answered, follows) {
  if (each.head !== true) {
    await client.body(answered);
  }
  if (each.finish === "half-close") {
    return (await client.closes()) ? [] : ["bytes behind the last answer"];
  }
  if (!follows) {
    client.send(second);
  }
  const next = await client.head();
  const body = await client.body(next);
  const right = next.status === 200 && next.headers["x-request-id"] === "second" && body.length > 0;
  return right ? [] : [`the next request on the kept connection got ${next.status}`];
}

/* follows: an ordinary request is on its way behind it, at its own time. */
async function judgeAnswer(each, client, follows) {
  const right = each.answers ?? [400];
  if (await client.closes()) {
    return right.includes("closed") || each.reset ? [] : ["closed without an answer"];
  }
  const answered = await finalHead(client, each.by);
  const faults = [];
  if (!right.includes(answered.status)) {
    faults.push(`status ${answered.status} instead of ${right.join(" or ")}`);
  }
  const ends = /\bclose\b/i.test(answered.headers.connection ?? "");
  if (ends) {
    if (each.stays === true) {
      faults.push("the connection ends");
    }
    return [...faults, ...(await judgeEnd(each, client, answered))];
  }
  if (!each.stays && !follows) {
    return [...faults, "the connection is kept"];
  }
  return [...faults, ...(await judgeKept(each, client, answered, follows))];
}

/* What goes over the wire, and where the message ends in it. */
function wire(each, id, follows) {
  const message = bytes(each.send + (each.more ?? ""));
  if (each.alone || each.stays === true) {
    return message;
  }
  return Buffer.concat([message, bytes(follows ? second : canary(id))]);
}

/* A clean request and its answer, so that the case is not the first of its connection. */
async function warm(client) {
  client.send(head("GET /startupz HTTP/1.1", "Host: a"));
  await client.body(await client.head());
}

/**
 * Sends a case and judges what comes back.
 * in      cut     at which byte to pause; undefined: in one piece
 *         isKept  a connection that has been used already
 * returns { faults: sentences, ms: from the last byte sent to the verdict }
 */
export async function judge(port, each, id, { cut, isKept = false } = {}) {
  /* A complete request, and then another: that is how connections are used. */
  const follows = (each.pair ?? false) && cut === each.send.length;
  const sent = wire(each, id, follows);
  const client = await RawClient.connect(port);
  try {
    if (isKept) {
      await warm(client);
    }
    if (cut !== undefined) {
      client.send(sent.subarray(0, cut));
      await sleep(pauseMs);
    }
    client.send(sent.subarray(cut ?? 0));
    if (each.finish === "half-close") {
      client.socket.end();
    }
    const began = performance.now();
    const faults = await judgeAnswer(each, client, follows).catch((error) => [error.message]);
    return { faults, ms: performance.now() - began };
  } finally {
    client.close();
  }
}

/** Every place where a case can be cut: within it, and between it and what follows. */
export function cutsOf(each) {
  const length = each.send.length + (each.pair ? canary("").length : 0);
  return Array.from({ length: length - 1 + (each.alone ? 0 : 1) }, (_, i) => i + 1);
}
