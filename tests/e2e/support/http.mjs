/*
 * tests/e2e/support/http.mjs - one request on a connection of its own, by Node's client.
 * Why:    an independent HTTP implementation must be content: it rejects bodies that break off,
 *         wrong lengths and malformed heads. Every answer is held against openapi.yaml.
 */
import http from "node:http";

import { holdBody, holdHead } from "../../contract/support/ledger.mjs";
import { within } from "./wait.mjs";

/* Holds an answer against the contract; its body once that was read whole. */
function hold(asked, answer, by) {
  const { statusCode: status, headers, rawHeaders } = answer;
  const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
  return holdHead(asked, { status, headers, names }, by);
}

/**
 * Sends a request to loopback and reads all of the answer.
 * in      by   whose answer it may be; see tests/contract/support/ledger.mjs
 * returns { status, headers, rawHeaders, body, chunked, version }
 */
export function request(port, method, path, options = {}) {
  const { headers = {}, body, host, agent = false, by = "server" } = options;
  const answered = new Promise((resolve, reject) => {
    const read = (answer) => {
      const ruling = hold({ port, method, target: path }, answer, by);
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", reject);
      answer.on("end", () => {
        const whole = Buffer.concat(pieces);
        try {
          holdBody(ruling, whole);
        } catch (error) {
          reject(error);
          return;
        }
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          rawHeaders: answer.rawHeaders,
          body: whole,
          chunked: answer.headers["transfer-encoding"] === "chunked",
          version: answer.httpVersion,
        });
      });
    };
    const sent = http.request(
      { host: host ?? "127.0.0.1", port, method, path, headers, agent },
      (answer) => {
        try {
          read(answer);
        } catch (error) {
          answer.destroy();
          reject(error);
        }
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
