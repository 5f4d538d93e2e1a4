/*
 * tests/e2e/raw_matrix/framing.mjs - where a request ends: lengths, codings, and both.
 * Why:    two programs that disagree here serve one client's bytes to another.
 * Source: RFC 9110 section 8.6; RFC 9112 sections 6.1 to 6.3 and 11.2.
 */
import { ask, get, head, line, smuggled } from "./bytes.mjs";

const all = smuggled.length;

/* No address takes a body, so a well-formed length is as unwelcome as any other; the difference is
 * who says so. */
const lengths = [
  { name: "five bytes that come", send: get("Content-Length: 5") + "hello", everyByte: true },
  { name: "five bytes that never come", send: get("Content-Length: 5"), alone: true },
  { name: "a request as body", send: get(`Content-Length: ${all}`) + smuggled },
  { name: "with leading zeros", send: get(`Content-Length: 000${all}`) + smuggled },
  { name: "behind a tab", send: get("Content-Length:\t5") + "hello" },
  { name: "2^63", send: get("Content-Length: 9223372036854775808") },
  { name: "2^64 - 1", send: get("Content-Length: 18446744073709551615") },
  {
    name: "2^64",
    send: get("Content-Length: 18446744073709551616"),
    answers: [413],
    by: "library",
    doubled: true,
  },
  {
    name: "a thousand digits",
    send: get(`Content-Length: ${"9".repeat(1000)}`),
    answers: [413],
    by: "library",
    doubled: true,
  },
  ...[
    ["nothing", ""],
    ["a sign", "+5"],
    ["a minus", "-5"],
    ["minus nothing", "-0"],
    ["hexadecimal", "0x5"],
    ["a letter behind", "5a"],
    ["a letter before", "a5"],
    ["a fraction", "5.0"],
    ["an exponent", "1e1"],
    ["a list of equals", "5, 5"],
    ["a list of different ones", "5, 6"],
    ["a comma behind", "5,"],
    ["a comma before", ",5"],
    ["two words", "5 5"],
    ["quotes", '"5"'],
    ["a vertical tab", "\x0b5"],
    ["digits of another script", "\xd9\xa5"],
    ["an underscore", "1_0"],
  ].map(([what, value]) => ({
    name: `written with ${what}`,
    send: get(`Content-Length: ${value}`) + "hello",
    by: "library",
    doubled: true,
  })),
  {
    name: "a blank behind, which is allowed but unusual",
    send: get("Content-Length: 0 "),
    answers: [200, 400],
    by: "anyone",
    doubled: true,
    odd: "the library does not strip it and refuses: a client may ask again without",
  },
  { name: "cut off by a NUL", send: get("Content-Length: 5\0 6") + "hello" },
  { name: "twice the same", send: get("Content-Length: 5", "Content-Length: 5") + "hello" },
  {
    name: "twice, and different",
    send: get("Content-Length: 5", "Content-Length: 6") + "hello",
    everyByte: true,
  },
  {
    name: "nothing, then a request",
    send: get("Content-Length: 0", `Content-Length: ${all}`) + smuggled,
  },
  {
    name: "a request, then nothing",
    send: get(`Content-Length: ${all}`, "Content-Length: 0") + smuggled,
  },
  { name: "twice nothing", send: get("Content-Length: 0", "Content-Length: 0") },
  {
    name: "twice in different case",
    send: get("content-length: 5", "CONTENT-LENGTH: 6") + "hello",
  },
  {
    name: "a blank before the colon",
    send: get(`Content-Length : ${all}`) + smuggled,
    everyByte: true,
  },
  { name: "a tab before the colon", send: get(`Content-Length\t: ${all}`) + smuggled },
  {
    name: "a NUL before the colon",
    send: get(`Content-Length\0: ${all}`) + smuggled,
    by: "library",
    odd: "the library looks for the colon no further than the NUL",
  },
  {
    name: "before every other header, behind a blank",
    send: head("GET /livez HTTP/1.1", ` Content-Length: ${all}`, "Host: a") + smuggled,
  },
  {
    name: "in a folded line",
    send: get("X: a", ` Content-Length: ${all}`) + smuggled,
    everyByte: true,
  },
  { name: "behind a bare CR", send: get(`X: a\rContent-Length: ${all}`) + smuggled },
  { name: "behind a bare LF", send: get(`X: a\nContent-Length: ${all}`) + smuggled },
  {
    name: "with an underscore, which is another header",
    send: get(`Content_Length: ${all}`) + smuggled,
    answers: [200],
  },
  { name: "in HTTP/1.0", send: line("GET /livez HTTP/1.0", "Content-Length: 5") + "hello" },
  { name: "of OPTIONS", send: ask("OPTIONS", `Content-Length: ${all}`) + smuggled },
  { name: "of HEAD", send: ask("HEAD", `Content-Length: ${all}`) + smuggled, head: true },
].map((each) => ({ ...each, name: `a length, ${each.name}` }));

const codings = [
  { name: "chunked", send: get("Transfer-Encoding: chunked") + "0\r\n\r\n", everyByte: true },
  ...[
    ["in capitals", "CHUNKED"],
    ["of an unknown kind", "xchunked"],
    ["identity", "identity"],
    ["gzip", "gzip"],
    ["gzip, then chunked", "gzip, chunked"],
    ["chunked, then identity", "chunked, identity"],
    ["chunked twice in a list", "chunked, chunked"],
    ["with a comma before", ", chunked"],
    ["with a comma behind", "chunked,"],
    ["with a parameter", "chunked;q=1"],
    ["in quotes", '"chunked"'],
    ["empty", ""],
    ["with a blank behind", "chunked "],
    ["behind two blanks", " chunked"],
    ["behind a tab", "\tchunked"],
    ["behind a vertical tab", "\x0bchunked"],
    ["with a NUL behind", "chunked\0"],
    ["with a NUL and more behind", "chunked\0, identity"],
    ["with a NUL before", "\0chunked"],
    ["with a letter of another script", "ch\xc3\xbcnked"],
    ["with a bare CR", "chun\rked"],
    ["cut in words", "chun ked"],
  ].map(([what, value]) => ({
    name: what,
    send: get(`Transfer-Encoding: ${value}`) + `0\r\n\r\n${smuggled}`,
    answers: [400, 501],
  })),
  {
    name: "twice",
    send: get("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n",
  },
  {
    name: "identity, then chunked",
    send: get("Transfer-Encoding: identity", "Transfer-Encoding: chunked") + "0\r\n\r\n",
  },
  {
    name: "chunked, then identity, in lines",
    send: get("Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0\r\n\r\n",
  },
  { name: "a blank before the colon", send: get("Transfer-Encoding : chunked") + "0\r\n\r\n" },
  {
    name: "a folded value",
    send: get("Transfer-Encoding:", " chunked") + "0\r\n\r\n",
    answers: [200, 400],
    odd: "the library makes one name of it, Transfer-Encodingchunked; the connection ends",
  },
  {
    name: "an underscore, which is another header",
    send: get("Transfer_Encoding: chunked") + "0\r\n\r\n",
    answers: [200],
  },
  {
    name: "a longer name, which is another header",
    send: get("X-Transfer-Encoding: chunked") + "0\r\n\r\n",
    answers: [200],
  },
  {
    name: "in HTTP/1.0",
    send: line("GET /livez HTTP/1.0", "Transfer-Encoding: chunked") + "0\r\n\r\n",
  },
].map((each) => ({ ...each, name: `a coding, ${each.name}` }));

const both = [
  {
    name: "a length and a coding",
    send: get("Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n",
    everyByte: true,
  },
  {
    name: "a coding and a length",
    send: get("Transfer-Encoding: chunked", "Content-Length: 5") + "0\r\n\r\n",
  },
  {
    name: "who counts bytes sees one request, who counts chunks two",
    send:
      ask("POST", `Content-Length: ${5 + all}`, "Transfer-Encoding: chunked") +
      `0\r\n\r\n${smuggled}`,
  },
  {
    name: "who counts chunks sees one request, who counts bytes two",
    send:
      ask("POST", "Content-Length: 4", "Transfer-Encoding: chunked") +
      `${all.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
  },
  {
    name: "no length, and a coding",
    send: get("Content-Length: 0", "Transfer-Encoding: chunked") + `0\r\n\r\n${smuggled}`,
  },
  {
    name: "a length and an unknown coding",
    send: get("Content-Length: 5", "Transfer-Encoding: cow") + "hello",
    answers: [400, 501],
  },
  {
    name: "both in HTTP/1.0",
    send: line("GET /livez HTTP/1.0", "Content-Length: 5", "Transfer-Encoding: chunked"),
  },
];

/* The library takes a line without a name for the end of the head: what follows is a request to
 * it. Whether more was received than a clean head is what decides (decision D9). */
const endings = [
  { name: "a header without a name", end: ": v\r\n" },
  { name: "a colon alone", end: ":\r\n" },
  { name: "a colon alone and a bare LF, as long as an empty line", end: ":\n" },
  { name: "a line that begins with a NUL", end: "\0\r\n" },
  { name: "a NUL and a bare LF, as long as an empty line", end: "\0\n" },
  { name: "a NUL before a name", end: "\0X: v\r\n" },
  { name: "an empty line of a bare LF", end: "\n", right: [200, 400] },
].flatMap(({ name, end, right = [200, 400] }) => [
  {
    name: `the head ends early with ${name}`,
    send: `GET /livez HTTP/1.1\r\nHost: a\r\n${end}`,
    answers: right,
    everyByte: true,
    odd: "for the library the head is complete; ours closes behind the answer",
  },
  {
    name: `the head ends early with ${name}, a length follows`,
    send: `GET /livez HTTP/1.1\r\nHost: a\r\n${end}Content-Length: ${all}\r\n\r\n${smuggled}`,
    answers: right,
    odd: "the same",
  },
]);

/* Each of these is as long as a clean head that says the same: what one line has too much, another
 * has too little. */
const sums = [
  ["a missing blank pays for a second one", "Host:a\r\nX:  b\r\n\r\n"],
  ["a bare LF pays for a second blank", "Host:  a\n\r\n"],
  ["missing blanks pay for a header without a name", "Host:a\r\nX:b\r\nY:c\r\n: v\r\n"],
  ["bare LFs pay for a NUL that ends the head", "Host: a\n\0\r\n"],
  ["bare LFs pay for a folded line", "Host: a\nX: b\nY: c\n d\r\n\r\n"],
  ["a bare LF pays for a NUL in a value", "Host: a\nX: b\0\r\n\r\n"],
].map(([name, rest]) => ({
  name: `sums that come out: ${name}`,
  send: `GET /livez HTTP/1.1\r\n${rest}`,
  answers: [200, 400],
  everyByte: true,
  odd: "the sum of the head is that of a clean one",
}));

export const framing = [...lengths, ...codings, ...both, ...endings, ...sums];
