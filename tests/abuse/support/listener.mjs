/*
 * tests/abuse/support/listener.mjs - one request on a raw socket, and all that comes back.
 * Why:    a client library hides what matters here: resets, bodies that stop short, answers
 *         without the field they must have, and readers with a pace of their own.
 * Limits: answers are kept whole in memory; sounds of these tests are a few megabytes at most.
 */
import { createHash } from "node:crypto";
import net from "node:net";

import { scream } from "../../e2e/support/tools.mjs";

/* The body of a chunked message; null when its last chunk is missing. */
function unchunk(raw) {
  const pieces = [];
  for (let at = 0; ; ) {
    const end = raw.indexOf("\r\n", at);
    const size = end < 0 ? NaN : Number.parseInt(raw.toString("latin1", at, end), 16);
    if (!Number.isInteger(size) || raw.length < end + 2 + size + 2) {
      return null;
    }
    if (size === 0) {
      return Buffer.concat(pieces);
    }
    pieces.push(raw.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** Takes an answer apart: { status, headers, body } or null; body is null when it is not whole. */
export function readAnswer(raw) {
  const end = raw.indexOf("\r\n\r\n");
  if (end < 0) {
    return null;
  }
  const [first, ...fields] = raw.toString("latin1", 0, end).split("\r\n");
  const headers = {};
  for (const field of fields) {
    const colon = field.indexOf(":");
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  const rest = raw.subarray(end + 4);
  const length = Number(headers["content-length"]);
  let body = rest;
  if (headers["transfer-encoding"] === "chunked") {
    body = unchunk(rest);
  } else if (headers["content-length"] !== undefined) {
    body = rest.length === length ? rest : null;
  }
  return { status: Number(first.split(" ")[1]), headers, body };
}

export const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * Sends GET and reads to the end of the connection.
 * in      rate   bytes a second; the socket rests after each piece as long as it takes to play it
 *         begun  called when the first bytes have come
 *         leave  AbortSignal: the listener goes away
 * returns never rejects: { outcome: "whole" | "cut" | "silent" | error code, status, headers,
 *         body, ms, firstMs }
 */
export function listen(
  port,
  target,
  { rate = Infinity, fields = "", timeoutMs = 20000, begun, leave } = {},
) {
  const start = performance.now();
  return new Promise((resolve) => {
    const pieces = [];
    let firstMs = NaN;
    let outcome = null;
    const socket = net.connect({ port, host: "127.0.0.1" });
    socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`);
    socket.setTimeout(timeoutMs, () => {
      outcome = "silent";
      socket.destroy();
    });
    leave?.addEventListener("abort", () => socket.destroy());
    socket.on("data", (piece) => {
      if (pieces.push(piece) === 1) {
        firstMs = performance.now() - start;
        begun?.();
      }
      if (Number.isFinite(rate)) {
        socket.pause();
        setTimeout(() => socket.resume(), (piece.length * 1000) / rate);
      }
    });
    socket.on("error", (error) => (outcome ??= error.code ?? error.message));
    socket.on("close", () => {
      const answer = readAnswer(Buffer.concat(pieces));
      const whole = answer !== null && answer.body !== null && outcome === null;
      resolve({
        status: 0,
        headers: {},
        ...answer,
        outcome: outcome ?? (whole ? "whole" : "cut"),
        ms: performance.now() - start,
        firstMs,
      });
    });
  });
}

/** The hash of what `scream generate` makes of an address: the second way to the same bytes. */
export async function generatedHash(target) {
  const [, format, query] = /^\/scream\.(ogg|wav)\?(.*)$/.exec(target);
  const words = [...new URLSearchParams(query)].flatMap(([name, value]) => [`--${name}`, value]);
  const settings = { SCREAM_MAX_DURATION: "300s" };
  const made = await scream(["generate", "-o", "-", "--format", format, ...words], { settings });
  if (made.code !== 0) {
    throw new Error(`scream generate ${words.join(" ")}: ${made.stderr}`);
  }
  return hashOf(made.stdout);
}

/** { target: hash } of many. */
export async function generatedHashes(targets) {
  const hashes = {};
  for (const target of targets) {
    hashes[target] ??= await generatedHash(target);
  }
  return hashes;
}
