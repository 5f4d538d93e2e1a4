/*
 * tests/e2e/raw_matrix/connection.mjs - what the client wants of the connection, and upgrades.
 * Source: RFC 9110 sections 7.6.1 and 7.8; RFC 9112 sections 9.3 and 9.6; RFC 9113 section 3.1.
 */
import { ask, get, head, line } from "./bytes.mjs";

const kept = [
  ["nothing said", get()],
  ["keep-alive", get("Connection: keep-alive")],
  ["Keep-Alive in capitals", get("Connection: KEEP-ALIVE")],
  ["keep-alive and a Keep-Alive header", get("Connection: keep-alive", "Keep-Alive: timeout=9")],
  ["another word", get("Connection: x-word")],
  ["a list without close", get("Connection: te, keep-alive", "TE: trailers")],
  ["nothing listed", get("Connection: ")],
  ["HTTP/1.0 with keep-alive", line("GET /livez HTTP/1.0", "Connection: keep-alive")],
  ["HTTP/1.0 with Keep-Alive", line("GET /livez HTTP/1.0", "Connection: Keep-Alive")],
  ["no body, said with a length", get("Content-Length: 0")],
  ["no body, said with many zeros", get("Content-Length: 000")],
  ["OPTIONS", ask("OPTIONS"), 204],
  ["OPTIONS of everything", line("OPTIONS * HTTP/1.1"), 204],
  ["an address that is not there", line("GET /nowhere HTTP/1.1"), 404],
  ["a query with a mistake", line("GET /scream.wav?volume=9 HTTP/1.1"), 400],
  ["a query with a name that nobody knows", line("GET /scream.wav?volum=1 HTTP/1.1"), 400],
  ["a cookie of 4,000 bytes", get(`Cookie: a=${"b".repeat(4000)}`)],
  ["a proxy's headers", get("Via: 1.1 b", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=x")],
].map(([name, send, status = 200]) => ({ name, send, answers: [status], stays: true }));

const keptHeads = [
  ["HEAD", ask("HEAD"), 200],
  ["HEAD of a sound", line("HEAD /scream.wav?preset=robot&duration=0.05 HTTP/1.1"), 200],
  ["HEAD of nothing", line("HEAD /nowhere HTTP/1.1"), 404],
].map(([name, send, status]) => ({ name, send, answers: [status], stays: true, head: true }));

const ended = [
  ["close", get("Connection: close")],
  ["close in capitals", get("Connection: CLOSE")],
  ["close in a list", get("Connection: x, close")],
  ["close and keep-alive", get("Connection: close, keep-alive")],
  ["close behind keep-alive, in two lines", get("Connection: keep-alive", "Connection: close")],
  ["HTTP/1.0, nothing said", line("GET /livez HTTP/1.0")],
  ["HTTP/1.0 with close", line("GET /livez HTTP/1.0", "Connection: close")],
  ["a method that is not allowed", ask("DELETE"), 405],
  ["a method that nobody knows", ask("BREW"), 501],
].map(([name, send, status = 200]) => ({ name, send, answers: [status], alone: true }));

/* We have nothing to upgrade to, and ignore the wish (RFC 9110 section 7.8). */
const upgrades = [
  [
    "to a WebSocket",
    get(
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ),
  ],
  ["to h2c", get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMA")],
  ["to TLS", get("Connection: Upgrade", "Upgrade: TLS/1.0")],
  ["without the word in Connection", get("Upgrade: websocket")],
  ["to nothing", get("Connection: Upgrade", "Upgrade:")],
  ["of OPTIONS to TLS", ask("OPTIONS", "Connection: Upgrade", "Upgrade: TLS/1.2"), 204],
].map(([what, send, status = 200]) => ({
  name: `an upgrade ${what}`,
  send,
  answers: [status],
}));

/* Names in Connection are for the next hop: nothing of ours may be switched off with them. */
const hops = [
  ["Host", get("Connection: host")],
  ["Content-Length", get("Connection: content-length, close", "Content-Length: 0")],
  ["Transfer-Encoding", get("Connection: transfer-encoding", "Transfer-Encoding: chunked"), [400]],
  ["nothing at all", get("Connection:")],
  ["a hundred names", get(`Connection: ${"x, ".repeat(100)}close`)],
  ["4,000 commas", get(`Connection: ${",".repeat(4000)}`)],
  ["a control byte", get("Connection: \x01"), [400]],
  ["Proxy-Connection", get("Proxy-Connection: keep-alive")],
].map(([what, send, answers = [200]]) => ({ name: `a hop with ${what}`, send, answers }));

const proxies = [
  {
    name: "a password for a proxy",
    send: head("GET http://a/livez HTTP/1.1", "Host: a", "Proxy-Authorization: Basic eDp5"),
    answers: [200],
  },
  { name: "two passwords", send: get("Authorization: Bearer a", "Authorization: Bearer b") },
  { name: "Max-Forwards", send: ask("TRACE", "Max-Forwards: 0"), answers: [405] },
];

export const connection = [
  ...[...kept, ...keptHeads].map((each) => ({ ...each, name: `kept: ${each.name}` })),
  ...ended.map((each) => ({ ...each, name: `ended: ${each.name}` })),
  ...upgrades,
  ...hops,
  ...proxies,
];
