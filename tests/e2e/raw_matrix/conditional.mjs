/*
 * tests/e2e/raw_matrix/conditional.mjs - ranges, conditions and preferences that make no sense.
 * Why:    RFC 9110 lets a server ignore what it cannot read in them; it must not fall over it.
 * Source: RFC 9110 sections 8.8, 12.5, 13.1 and 14.
 */
import { line } from "./bytes.mjs";

const sound = (...fields) =>
  line("GET /scream.ogg?preset=robot&seed=1&duration=0.05 HTTP/1.1", ...fields);
const document = (...fields) => line("GET /parameters HTTP/1.1", ...fields);

/* The whole, because the field is not understood. */
const ignored = [
  ["another unit", "lines=1-2"],
  ["no unit", "0-1"],
  ["no numbers", "bytes=-"],
  ["letters", "bytes=a-b"],
  ["backwards", "bytes=5-1"],
  ["minus twice", "bytes=--5"],
  ["hexadecimal", "bytes=0x0-0x5"],
  ["an empty list", "bytes=,"],
  ["nothing", ""],
  ["a hundred ranges", `bytes=${Array.from({ length: 100 }, (_, i) => `${i}-${i}`).join(",")}`],
  ["a thousand overlapping ranges", `bytes=${"0-,".repeat(1000)}0-`],
  ["a blank in the number", "bytes=0 -1"],
].map(([what, value]) => ({
  name: `Range: ${what}`,
  send: sound(`Range: ${value}`),
  answers: [200],
}));

const understood = [
  ["the first byte", "bytes=0-0", 206],
  ["all", "bytes=0-", 206],
  ["the last byte", "bytes=-1", 206],
  ["the last 2^64", "bytes=-18446744073709551616", 206],
  ["up to 2^64", "bytes=0-18446744073709551616", 206],
  ["from 2^63 on", "bytes=9223372036854775808-", 416],
  ["from a thousand digits on", `bytes=${"9".repeat(1000)}-`, 416],
  ["the last none", "bytes=-0", 416],
].map(([what, value, status]) => ({
  name: `Range: ${what}`,
  send: sound(`Range: ${value}`),
  answers: [status],
}));

const conditions = [
  ["If-None-Match without quotes", document("If-None-Match: x"), [200]],
  ["If-None-Match with half a quote", document('If-None-Match: "'), [200]],
  ["If-None-Match with anything", document("If-None-Match: *"), [304]],
  ["If-None-Match of 6,000 bytes", document(`If-None-Match: ${'"x", '.repeat(1200)}`), [200]],
  ["If-None-Match with nothing", document("If-None-Match:"), [200]],
  ["If-Match with another", sound('If-Match: "x"'), [412]],
  ["If-Match with anything", sound("If-Match: *"), [200]],
  ["If-Match with nonsense", sound("If-Match: \\"), [200, 412]],
  ["If-Range with nonsense", sound("Range: bytes=0-0", "If-Range: x"), [200]],
  ["If-Range twice", sound("Range: bytes=0-0", "If-Range: x", "If-Range: y"), [200, 400]],
  ["Range twice", sound("Range: bytes=0-0", "Range: bytes=1-1"), [200, 400]],
  ["If-Modified-Since in no time", sound("If-Modified-Since: never"), [200]],
  ["If-Unmodified-Since in no time", sound("If-Unmodified-Since: 99999999999999999"), [200, 412]],
].map(([name, send, answers]) => ({ name, send, answers }));

const preferences = [
  ["commas", ",,,,", [200]],
  ["semicolons", ";;;;", [200, 406]],
  ["half a type", "audio/", [200, 406]],
  ["a quality of a thousand", "audio/ogg;q=1000", [200, 400, 406]],
  ["a quality of nan", "audio/ogg;q=nan", [200, 400, 406]],
  ["a thousand types", "a/b,".repeat(1000), [200, 406]],
  ["a quote that never ends", 'audio/ogg;a="', [200, 406]],
].map(([what, value, answers]) => ({
  name: `Accept: ${what}`,
  send: line("GET /scream?preset=robot&seed=1&duration=0.05 HTTP/1.1", `Accept: ${value}`),
  answers,
}));

const ids = [
  ["a trace of nonsense", "traceparent: 00-zz-zz-00"],
  ["a trace of 4,000 digits", `traceparent: ${"0".repeat(4000)}`],
  ["a request id of an escape", "X-Request-Id: a\tb"],
  ["an encoding that nobody has", "Accept-Encoding: br;q=9, *;q=x"],
  ["a language that nobody speaks", "Accept-Language: ,;q"],
  ["an origin of nonsense", "Origin: \\\\"],
  ["a date in no time", "Date: yesterday"],
].map(([name, field]) => ({ name, send: document(field), answers: [200] }));

export const conditional = [...ignored, ...understood, ...conditions, ...preferences, ...ids];
