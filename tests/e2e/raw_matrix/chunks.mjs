/*
 * tests/e2e/raw_matrix/chunks.mjs - chunked bodies, good and bad.
 * Why:    no address takes a body: every one is refused unread, so nothing in it, however it is
 *         spelled, may ever be run. Half of them go to a method that usually has one.
 * Source: RFC 9112 section 7.1.
 */
import { ask, smuggled } from "./bytes.mjs";

const bodies = [
  ["good", "5\r\nhello\r\n0\r\n\r\n"],
  ["empty", "0\r\n\r\n"],
  ["never ending", "5\r\nhel"],
  ["an extension", "5;name=value\r\nhello\r\n0\r\n\r\n"],
  ["a quoted extension with a request in it", `5;a="\r\n${smuggled}"\r\nhello\r\n0\r\n\r\n`],
  ["an extension that ends with a bare LF", `5;a\nhello\r\n0\r\n\r\n`],
  ["a semicolon alone", ";\r\nhello\r\n0\r\n\r\n"],
  ["a blank before the semicolon", "5 ;a\r\nhello\r\n0\r\n\r\n"],
  ["an extension of 9,000 bytes", `5;${"a".repeat(9000)}\r\nhello\r\n0\r\n\r\n`],
  ["a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a sign", "+5\r\nhello\r\n0\r\n\r\n"],
  ["a size below zero", "-5\r\nhello\r\n0\r\n\r\n"],
  ["a size behind a blank", " 5\r\nhello\r\n0\r\n\r\n"],
  ["a size with a blank behind", "5 \r\nhello\r\n0\r\n\r\n"],
  ["a size with an underscore", "0_5\r\nhello\r\n0\r\n\r\n"],
  ["a size of letters", "five\r\nhello\r\n0\r\n\r\n"],
  ["no size", "\r\nhello\r\n0\r\n\r\n"],
  ["a size of 64 bits and one digit more", `${"f".repeat(17)}\r\nhello\r\n0\r\n\r\n`],
  ["a size that wraps to five", "10000000000000005\r\nhello\r\n0\r\n\r\n"],
  ["a size of a hundred zeros and five", `${"0".repeat(100)}5\r\nhello\r\n0\r\n\r\n`],
  ["a size with a NUL", "5\0\r\nhello\r\n0\r\n\r\n"],
  ["a size that ends with a bare CR", "5\rhello\r\n0\r\n\r\n"],
  ["sizes that end with bare LFs", "5\nhello\n0\n\n"],
  ["a chunk longer than its size", "3\r\nhello\r\n0\r\n\r\n"],
  ["a chunk shorter than its size", `9\r\nhello\r\n0\r\n\r\n${smuggled}`],
  ["a chunk without an end of line", "5\r\nhello0\r\n\r\n"],
  ["a last chunk of many zeros", `5\r\nhello\r\n0000\r\n\r\n${smuggled}`],
  ["a last chunk without an empty line", `5\r\nhello\r\n0\r\n${smuggled}`],
  ["a trailer", "5\r\nhello\r\n0\r\nX: y\r\n\r\n"],
  ["a trailer with a length", `0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
  ["a trailer with a coding", `0\r\nTransfer-Encoding: chunked\r\n\r\n${smuggled}`],
  ["a trailer with a Host", "0\r\nHost: b\r\n\r\n"],
  ["a trailer without a colon", "0\r\nnonsense\r\n\r\n"],
  ["a trailer of 9,000 bytes", `0\r\nX: ${"y".repeat(9000)}\r\n\r\n`],
];

export const chunks = bodies.map(([what, body], i) => ({
  name: `a chunked body: ${what}`,
  send: ask(i % 2 === 0 ? "POST" : "GET", "Transfer-Encoding: chunked") + body,
}));
