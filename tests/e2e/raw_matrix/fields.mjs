/*
 * tests/e2e/raw_matrix/fields.mjs - header lines as nobody should write them.
 * Source: RFC 9110 sections 5.1 to 5.6; RFC 9112 sections 2.2 and 5.
 */
import { fields as lines, get, head } from "./bytes.mjs";

const names = [
  ["a blank before the colon", "X : y"],
  ["a tab before the colon", "X\t: y"],
  ["a blank in the name", "X Y: y"],
  ["brackets", "X(1): y"],
  ["a comma", "X,Y: y"],
  ["a slash", "X/Y: y"],
  ["a quote", 'X"Y: y'],
  ["an at sign", "X@Y: y"],
  ["braces", "{X}: y"],
  ["a backslash", "X\\Y: y"],
  ["a bell", "X\x07: y"],
  ["a DEL", "X\x7f: y"],
  ["latin-1", "X\xe9: y"],
  ["UTF-8", "X\xc3\xa9: y"],
  ["a vertical tab", "X\x0b: y"],
  ["a form feed", "X\x0c: y"],
  ["an equals sign", "X=Y: y"],
  ["a question mark", "X?: y"],
  ["a bare CR", "X\rY: y"],
  ["a bare CR before", "\rX: y"],
].map(([what, written]) => ({ name: `a name with ${what}`, send: get(written) }));

const values = [
  ["a bell", "X: a\x07b"],
  ["a backspace", "X: a\x08b"],
  ["an escape", "X: \x1b[31m"],
  ["a DEL", "X: a\x7fb"],
  ["a bare CR", "X: a\rb"],
  ["a bare CR at its end", "X: a\r"],
  ["two CRs at its end", "X: a\r\r"],
  ["a vertical tab", "X: a\x0bb"],
  ["a form feed", "X: a\x0cb"],
  ["a control byte of one bit", "X: \x01"],
].map(([what, written]) => ({ name: `a value with ${what}`, send: get(written) }));

const unusual = [
  { name: "a name with a NUL", send: get("X\0Y: y"), by: "library" },
  {
    name: "a value with a NUL",
    send: get("X: a\0b"),
    answers: [200, 400],
    everyByte: true,
    odd: "for the library the value ends there; no decision of ours hangs on it",
  },
  { name: "a value with a tab", send: get("X: a\tb"), answers: [200] },
  { name: "a value of latin-1", send: get("X: caf\xe9"), answers: [200, 400] },
  { name: "a value of UTF-8", send: get("X: \xf0\x9f\x98\xb1"), answers: [200, 400] },
  { name: "a value of every visible byte", send: get(`X: ${visible()}`), answers: [200] },
  { name: "no value", send: get("X:"), answers: [200] },
  { name: "a value of blanks", send: get("X:   \t  "), answers: [200] },
  { name: "no blank behind the colon", send: get("X:y"), answers: [200] },
  { name: "many blanks behind the colon", send: get("X:          y"), answers: [200] },
  { name: "a blank behind the value", send: get("X: y "), answers: [200] },
  { name: "a name of every character a name may have", send: get(`${token()}: y`), answers: [200] },
  { name: "a name of one letter", send: get("x: y"), answers: [200] },
  { name: "a name twice", send: get("X: 1", "X: 2"), answers: [200] },
  { name: "a line without a colon", send: get("nonsense"), by: "library", everyByte: true },
  {
    name: "the first line without a colon",
    send: head("GET /livez HTTP/1.1", "nonsense", "Host: a"),
    by: "library",
  },
  {
    name: "the last line without a colon, and no end",
    send: get().slice(0, -2) + "nonsense\r\n",
    by: "library",
    alone: true,
  },
  {
    name: "a line of blanks",
    send: get("X: y", "   "),
    answers: [200, 400],
    odd: "a folded line with nothing in it",
  },
  {
    name: "a folded line",
    send: get("X: a", " b"),
    answers: [200, 400],
    everyByte: true,
    odd: "the library makes one name of it, Xb, of which nobody asks anything",
  },
  {
    name: "a line folded twice",
    send: get("X: a", "\tb", "\tc"),
    answers: [200, 400],
    odd: "the same",
  },
  {
    name: "a folded line in front",
    send: head("GET /livez HTTP/1.1", " X: y", "Host: a"),
    answers: [400],
  },
  {
    name: "a folded line that hides a colon",
    send: get("X: a", " Y: b"),
  },
  {
    name: "lines that end with bare LFs",
    send: get("X: y").replaceAll("\r\n", "\n"),
    answers: [200, 400],
    everyByte: true,
    odd: "RFC 9112 section 2.2 allows to take them; the connection ends",
  },
  {
    name: "one line that ends with a bare LF",
    send: get("X: y\nZ: z"),
    answers: [200, 400],
    odd: "the same",
  },
  {
    name: "lines that end with bare CRs",
    send: get("X: y").replaceAll("\r\n", "\r"),
    answers: [400, 408, "closed"],
    by: "anyone",
    alone: true,
    finish: "half-close",
  },
  {
    name: "lines that end with LF and CR",
    send: get("X: y").replaceAll("\r\n", "\n\r"),
    answers: [400, 408, "closed"],
    by: "anyone",
    doubled: "may",
    alone: true,
    finish: "half-close",
  },
];

function visible() {
  return Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCharCode(0x21 + i)).join("");
}

function token() {
  return "!#$%&'*+-.^_`|~09AZaz";
}

const large = [
  { name: "64 lines in all", send: get(...lines(63)), answers: [200], stays: true },
  { name: "65 lines in all", send: get(...lines(64)), answers: [431] },
  { name: "200 lines", send: get(...lines(200)), answers: [431] },
  { name: "a line of 6,000 bytes", send: get(`X: ${"y".repeat(6000)}`), answers: [200] },
  { name: "a name of 6,000 bytes", send: get(`${"X".repeat(6000)}: y`), answers: [200] },
  ...[
    ["a line of 20,000 bytes", get(`X: ${"y".repeat(20000)}`)],
    ["a line of 200,000 bytes", get(`X: ${"y".repeat(200000)}`)],
    ["a name of 20,000 bytes", get(`${"X".repeat(20000)}: y`)],
    ["20,000 bytes without a colon", get("y".repeat(20000))],
    ["2,000 lines", get(...lines(2000))],
    ["400 lines of the shortest kind", get(...Array(400).fill("a:"))],
    ["3,000 folded lines", get("X: y", ...Array(3000).fill(" z"))],
    ["a cookie of 20,000 bytes", get(`Cookie: ${"a=b; ".repeat(4000)}`)],
  ].map(([name, send]) => ({ name, send, answers: [431, 400, "closed"], by: "anyone" })),
  {
    name: "a cookie of 600 parts",
    send: get(`Cookie: ${"a=b; ".repeat(600)}`),
    answers: [200, 431, "closed"],
    by: "anyone",
    odd: "the library keeps a record of each part; a pool full of them answers 431 or ends",
  },
].map((each) => ({ ...each, name: `size: ${each.name}` }));

export const fields = [...names, ...values, ...unusual, ...large];
