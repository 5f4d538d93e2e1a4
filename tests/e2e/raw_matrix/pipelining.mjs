/*
 * tests/e2e/raw_matrix/pipelining.mjs - more than one request at a time, bodies where none belong.
 * Why:    an answer that somebody else asked for is the harm of all smuggling; so behind a request
 *         that was not alone, nothing is run (decision D9). RFC 9112 section 9.3.2 lets a client
 *         that pipelines ask again for what it did not get.
 */
import { ask, get, head, line, smuggled } from "./bytes.mjs";

const good = get();

const pairs = [
  { name: "two good ones", send: good, pair: true, everyByte: true },
  { name: "three good ones", send: good, more: good },
  { name: "a hundred good ones", send: good, more: good.repeat(99) },
  { name: "three HEADs", send: ask("HEAD"), more: ask("HEAD").repeat(2), head: true },
  { name: "HEAD, then GET", send: ask("HEAD"), head: true, pair: true, everyByte: true },
  { name: "OPTIONS, then GET", send: ask("OPTIONS"), answers: [204], pair: true, everyByte: true },
  { name: "HTTP/1.0 kept, then GET", send: line("GET /livez HTTP/1.0", "Connection: keep-alive") },
  { name: "HTTP/1.0, then GET", send: line("GET /livez HTTP/1.0") },
  { name: "close, then GET", send: get("Connection: close"), everyByte: true },
  { name: "good, then garbage", send: good, more: "\x01\x02\x03\xff" },
  { name: "good, then garbage lines", send: good, more: "garbage\r\n".repeat(100) },
  { name: "good, then empty lines", send: good, more: "\r\n\r\n" },
  { name: "good, then one byte", send: good, more: "G", alone: true },
  { name: "good, then half of one", send: good, more: get().slice(0, 20), alone: true },
  { name: "good, then one without Host", send: good, more: head("GET /livez HTTP/1.1") },
  { name: "good, then 100,000 bytes", send: good, more: "x".repeat(100000), reset: true },
  {
    name: "a sound, then GET",
    send: line("GET /scream.wav?preset=robot&seed=2&duration=0.2 HTTP/1.1"),
  },
  { name: "a 404, then GET", send: line("GET /nowhere HTTP/1.1"), answers: [404] },
  { name: "a 405, then GET", send: ask("DELETE"), answers: [405] },
  { name: "a 501, then GET", send: ask("BREW"), answers: [501] },
  { name: "a bad query, then GET", send: line("GET /scream?volume=9 HTTP/1.1"), answers: [400] },
  {
    name: "a 304, then GET",
    send: line("GET /presets HTTP/1.1", "If-None-Match: *"),
    answers: [304],
  },
].map((each) => ({ answers: [200], ...each, name: `pipelined: ${each.name}` }));

const fives = [
  ["GET", get("Content-Length: 5")],
  ["HEAD", ask("HEAD", "Content-Length: 5")],
  ["OPTIONS", ask("OPTIONS", "Content-Length: 5")],
  ["POST", ask("POST", "Content-Length: 5")],
  ["PUT", ask("PUT", "Content-Length: 5")],
  ["DELETE", ask("DELETE", "Content-Length: 5")],
  ["TRACE", ask("TRACE", "Content-Length: 5")],
  ["BREW", ask("BREW", "Content-Length: 5")],
].map(([method, head]) => ({
  name: `a body of ${method}`,
  send: `${head}hello`,
  answers: [400],
  head: method === "HEAD",
}));

const bodies = [
  { name: "a body that nobody announced", send: good + "hello", answers: [200] },
  { name: "a form that nobody announced", send: ask("POST") + "a=b&c=d", answers: [405] },
  { name: "POST without a length", send: ask("POST"), answers: [405, 411] },
  { name: "POST of nothing", send: ask("POST", "Content-Length: 0"), answers: [405] },
  {
    name: "a body of 100,000 bytes",
    send: ask("POST", "Content-Length: 100000") + "x".repeat(100000),
    answers: [400, 413],
    reset: true,
  },
  {
    name: "a body of a gigabyte, announced",
    send: ask("POST", "Content-Length: 1073741824"),
    answers: [400, 413],
    alone: true,
  },
  {
    name: "a body of a method that nobody knows, with a request in it",
    send: ask("BREW", `Content-Length: ${smuggled.length}`) + smuggled,
  },
  {
    name: "a body at an address that is not there",
    send: head("POST /nowhere HTTP/1.1", "Host: a", "Content-Length: 5") + "hello",
  },
];

export const pipelining = [...pairs, ...fives, ...bodies];
