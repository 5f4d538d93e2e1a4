/*
 * tests/e2e/raw_matrix/expect.mjs - Expect, with and without a body to wait for.
 * Source: RFC 9110 section 10.1.1: what is not 100-continue may be answered 417; a server may leave
 *         out 100 (Continue) when there is no body, or when it answers at once.
 */
import { ask, get, head, line } from "./bytes.mjs";

const post = (...lines) => ask("POST", ...lines);

export const expect = [
  { name: "100-continue without a body", send: get("Expect: 100-continue"), answers: [200] },
  { name: "100-Continue in capitals", send: get("Expect: 100-CONTINUE"), answers: [200] },
  {
    name: "100-continue of HEAD",
    send: ask("HEAD", "Expect: 100-continue"),
    answers: [200],
    head: true,
  },
  {
    name: "100-continue, and the body waits",
    send: post("Expect: 100-continue", "Content-Length: 5"),
    alone: true,
  },
  {
    name: "100-continue, and the body does not wait",
    send: post("Expect: 100-continue", "Content-Length: 5") + "hello",
    everyByte: true,
  },
  {
    name: "100-continue, and a chunked body does not wait",
    send: post("Expect: 100-continue", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n",
  },
  {
    name: "100-continue in HTTP/1.0",
    send: line("GET /livez HTTP/1.0", "Expect: 100-continue"),
    answers: [200],
  },
  {
    name: "100-continue in HTTP/1.0 with a body",
    send: head("POST /livez HTTP/1.0", "Expect: 100-continue", "Content-Length: 5") + "hello",
  },
  {
    name: "100-continue twice",
    send: get("Expect: 100-continue", "Expect: 100-continue"),
    answers: [200, 400, 417],
  },
  {
    name: "100-continue and something else",
    send: get("Expect: 100-continue, x"),
    answers: [417],
  },
  { name: "something else", send: get("Expect: x"), answers: [417] },
  { name: "200-ok", send: get("Expect: 200-ok"), answers: [417] },
  { name: "nothing", send: get("Expect:"), answers: [200, 400, 417] },
  { name: "a parameter", send: get("Expect: 100-continue;q=1"), answers: [417] },
  { name: "quotes", send: get('Expect: "100-continue"'), answers: [417] },
  {
    name: "something else, with a body",
    send: post("Expect: x", "Content-Length: 5") + "hello",
    answers: [400, 417],
  },
].map((each) => ({ ...each, name: `Expect: ${each.name}` }));
