/*
 * tests/e2e/support/http.mjs - one request on a connection of its own, by Node's client.
 * Why:    an independent HTTP implementation must be content: it rejects bodies that break off,
 *         wrong lengths and malformed heads.
 */
import http from "node:http";

import { within } from "./wait.mjs";

/**
 * Sends a request to loopback and reads all of the answer.
 * returns { status, headers, rawHeaders, body, chunked, version }
 */
export function request(port, method, path, { headers = {}, body, host, agent = false } = {}) {
  const answered = new Promise((resolve, reject) => {
    const sent = http.request(
      { host: host ?? "127.0.0.1", port, method, path, headers, agent },
      (answer) => {
        const pieces = [];
        answer.on("data", (piece) => pieces.push(piece));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            rawHeaders: answer.rawHeaders,
            body: Buffer.concat(pieces),
            chunked: answer.headers["transfer-encoding"] === "chunked",
            version: answer.httpVersion,
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
  return within(answered, `${method} ${path}`);
}

/** GET; see request. */
export function get(port, path, options) {
  return request(port, "GET", path, options);
}

/** HEAD; see request. */
export function head(port, path, options) {
  return request(port, "HEAD", path, options);
}

/** The problem document of an answer, as an object. */
export function problemOf(answer) {
  return JSON.parse(answer.body.toString("utf8"));
}
