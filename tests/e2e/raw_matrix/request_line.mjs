/*
 * tests/e2e/raw_matrix/request_line.mjs - the first line: method, target, version, and between.
 * Source: RFC 9110 sections 9 and 15.6.2; RFC 9112 sections 2.3 and 3; RFC 3986.
 */
import { head, line } from "./bytes.mjs";

const methods = [
  ["get", 501],
  ["Get", 501],
  ["GETT", 501],
  ["G", 501],
  ["PRI", 501],
  ["BREW", 501],
  ["M".repeat(300), 501],
  ["POST", 405],
  ["PUT", 405],
  ["DELETE", 405],
  ["PATCH", 405],
  ["TRACE", 405],
].map(([method, status]) => ({
  name: `the method ${method.slice(0, 20)}`,
  send: line(`${method} /livez HTTP/1.1`),
  answers: [status],
}));

const oddMethods = [
  ["with a tab behind", "GET\t"],
  ["of a quote", '"'],
  ["of braces", "{}"],
  ["of latin-1", "G\xc9T"],
  ["with a bell", "G\x07T"],
  ["with a colon", "GET:"],
  ["with a comma", "GET,HEAD"],
  ["with a bare CR", "G\rT"],
].map(([what, method]) => ({
  name: `a method ${what}`,
  send: line(`${method} /livez HTTP/1.1`),
}));

const versions = [
  { version: "HTTP/1.2", answers: [505] },
  { version: "HTTP/1.9", answers: [505] },
  { version: "HTTP/2.0", answers: [505], by: "library" },
  { version: "HTTP/3.1", answers: [505], by: "library" },
  { version: "HTTP/0.9", answers: [505], by: "library" },
  { version: "HTTP/0.0", answers: [505], by: "library" },
  { version: "HTTP/1", by: "library" },
  { version: "HTTP/1.", by: "library" },
  { version: "HTTP/11", by: "library" },
  { version: "HTTP/1.10", by: "library" },
  { version: "HTTP/01.1", by: "library" },
  { version: "HTTP/1.1.1", by: "library" },
  { version: "HTTP/1,1", by: "library" },
  { version: "HTTP/ 1.1", by: "library" },
  { version: "HTTP /1.1", by: "library" },
  { version: "HTTP/a.b", by: "library" },
  { version: "HTTP/-1.1", by: "library" },
  { version: "http/1.1", by: "library" },
  { version: "HTTPS/1.1", by: "library" },
  { version: "HTP/1.1", by: "library" },
  { version: "ICY/1.1", by: "library" },
  { version: "HTTP/1.1 ", by: "library" },
  { version: "HTTP/1.1\t", by: "library" },
  { version: "HTTP/1.1 HTTP/1.1", answers: [400, "closed"], by: "library" },
  { version: "HTTP/1.1\0", by: "library" },
  { version: "HTTP/1.\xb9", by: "library" },
  { version: "", by: "library" },
].map(({ version, ...rest }) => ({
  name: `the version ${JSON.stringify(version)}`,
  send: line(`GET /livez ${version}`),
  ...rest,
}));

const blanks = [
  {
    name: "two blanks before the target",
    send: line("GET  /livez HTTP/1.1"),
    answers: [400],
    everyByte: true,
  },
  { name: "a blank before the method", send: line(" GET /livez HTTP/1.1") },
  { name: "a tab before the target", send: line("GET\t/livez HTTP/1.1") },
  { name: "a tab before the version", send: line("GET /livez\tHTTP/1.1") },
  { name: "tabs only", send: line("GET\t/livez\tHTTP/1.1") },
  { name: "two blanks before the version", send: line("GET /livez  HTTP/1.1") },
  { name: "a blank in the target", send: line("GET /li vez HTTP/1.1") },
  { name: "a blank in the query", send: line("GET /livez?a b HTTP/1.1") },
  { name: "a bare CR behind the method", send: line("GET\r/livez HTTP/1.1") },
  { name: "a bare CR behind the line", send: line("GET /livez HTTP/1.1\r") },
  { name: "a vertical tab for a blank", send: line("GET\x0b/livez HTTP/1.1") },
  { name: "no-break spaces", send: line("GET\xa0/livez\xa0HTTP/1.1") },
  { name: "only a method", send: line("GET"), by: "library" },
  { name: "only a method and a blank", send: line("GET ") },
  { name: "only a version", send: line("HTTP/1.1") },
  { name: "only blanks", send: line("   ") },
].map((each) => ({ answers: [400, "closed"], by: "anyone", ...each }));

const bareLf = [
  {
    name: "a line that ends with a bare LF",
    send: "GET /livez HTTP/1.1\nHost: a\r\n\r\n",
    answers: [200, 400],
    everyByte: true,
    odd: "RFC 9112 section 2.2 allows to take it; the connection ends",
  },
];

const targets = [
  { target: "*", answers: [400, 404], what: "an asterisk with GET" },
  { target: "http://a/livez", answers: [200], what: "the absolute form" },
  { target: "HTTP://a/livez", answers: [200], what: "the absolute form in capitals" },
  { target: "http://b/livez", answers: [200], what: "the absolute form of another host" },
  { target: "https://a/livez", answers: [200, 400], what: "the absolute form of https" },
  { target: "ftp://a/livez", answers: [400, 404], what: "the absolute form of ftp" },
  { target: "http:///livez", answers: [200, 400, 404], what: "the absolute form without a host" },
  { target: "http://", answers: [400, 404], what: "a scheme alone" },
  { target: "http://u:p@a/livez", answers: [200, 400], what: "the absolute form with a user" },
  { target: "javascript:alert(1)", answers: [400, 404], what: "another scheme" },
  { target: "a:80", answers: [400, 404], what: "the authority form with GET" },
  { target: "livez", answers: [400, 404], what: "no slash" },
  { target: "?a=b", answers: [400, 404], what: "a query alone" },
  { target: "#", answers: [400, 404], what: "a fragment alone" },
  { target: "/livez#x", answers: [400, 404], what: "a fragment" },
  { target: "/livez?#x", answers: [200, 400], what: "a fragment in the query" },
  { target: "//livez", answers: [400, 404], what: "two slashes" },
  { target: "//a/livez", answers: [400, 404], what: "an authority without a scheme" },
  { target: "/./livez", answers: [400, 404], what: "a dot segment" },
  { target: "/x/../livez", answers: [400, 404], what: "dot segments" },
  { target: "/%2e%2e/livez", answers: [400, 404], what: "dot segments in escapes" },
  { target: "/../../../etc/passwd", answers: [400, 404], what: "a way out" },
  { target: "/..%2f..%2fetc/passwd", answers: [400, 404], what: "a way out in escapes" },
  { target: "/..%c0%af..%c0%afetc", answers: [400, 404], what: "a way out in overlong escapes" },
  { target: "/..\\..\\etc", answers: [400, 404], what: "backslashes" },
  { target: "/livez/", answers: [400, 404], what: "a slash too many" },
  { target: "/livez;a=b", answers: [400, 404], what: "a path parameter" },
  { target: "/livez%00", answers: [400, 404], what: "an escaped NUL" },
  { target: "/livez%00.html", answers: [400, 404], what: "an escaped NUL and more" },
  { target: "/livez%0d%0aX:%20y", answers: [400, 404], what: "an escaped end of line" },
  { target: "/livez%", answers: [400, 404], what: "half an escape" },
  { target: "/livez%zz", answers: [400, 404], what: "no escape" },
  { target: "/%6civez", answers: [200, 400, 404], what: "an escaped letter" },
  { target: "/liv\xe9z", answers: [400, 404], what: "latin-1" },
  { target: "/liv\xc3\xa9z", answers: [400, 404], what: "UTF-8" },
  { target: "/livez\x01", answers: [400, 404], what: "a control byte" },
  { target: "/livez\x7f", answers: [400, 404], what: "a DEL" },
  { target: "/livez?\x01=\x02", answers: [200, 400], what: "control bytes in the query" },
  { target: '/livez?<script>"', answers: [200, 400], what: "a script in the query" },
  { target: "/scream.wav?a&b&c", answers: [400], what: "names that nobody knows" },
  { target: "/scream.wav?=", answers: [400], what: "a name of nothing" },
  { target: `/scream.wav?${"a&".repeat(200)}`, answers: [400], what: "200 names" },
  { target: `/${"a".repeat(2047)}`, answers: [404], what: "2,048 bytes" },
  { target: `/${"a".repeat(2048)}`, answers: [414], what: "2,049 bytes" },
  { target: `/${"a".repeat(7000)}`, answers: [414], what: "7,001 bytes" },
].map(({ target, what, ...rest }) => ({
  name: `a target of ${what}`,
  send: line(`GET ${target} HTTP/1.1`),
  ...rest,
}));

const oddTargets = [
  {
    name: "a target with a NUL",
    send: line("GET /livez\0/x HTTP/1.1"),
    everyByte: true,
  },
  { name: "a query with a NUL", send: line("GET /livez?a\0b HTTP/1.1") },
  { name: "a method with a NUL", send: line("GET\0 /livez HTTP/1.1") },
  {
    name: "a method with a NUL and HEAD before it",
    send: line("HEAD\0X /livez HTTP/1.1"),
    head: "broken",
    odd: "for us HEAD, for the library some method: the body breaks off",
  },
  {
    name: "a target of 20,000 bytes",
    send: line(`GET /${"a".repeat(20000)} HTTP/1.1`),
    answers: [414, "closed"],
    by: "anyone",
  },
  {
    name: "a query of 20,000 bytes",
    send: line(`GET /livez?${"a".repeat(20000)} HTTP/1.1`),
    answers: [414, "closed"],
    by: "anyone",
  },
  {
    name: "a query of 2,000 names",
    send: line(`GET /scream.wav?${"a&".repeat(2000)} HTTP/1.1`),
    answers: [414, 431, "closed"],
    by: "anyone",
    odd: "the library keeps a record of each name; a pool full of them ends the connection",
  },
  {
    name: "100,000 bytes without an end of line",
    send: `GET /${"a".repeat(100000)}`,
    answers: [414, "closed"],
    by: "anyone",
    alone: true,
  },
  {
    name: "an asterisk with OPTIONS",
    send: line("OPTIONS * HTTP/1.1"),
    answers: [204],
  },
  { name: "an asterisk with HEAD", send: line("HEAD * HTTP/1.1"), answers: [400, 404], head: true },
  {
    name: "the authority form with CONNECT",
    send: line("CONNECT a:443 HTTP/1.1"),
    answers: [400, 404, 405, 501],
  },
  {
    name: "CONNECT to ourselves",
    send: line("CONNECT localhost HTTP/1.1"),
    answers: [400, 404, 405, 501],
  },
  {
    name: "CONNECT of a path",
    send: line("CONNECT /livez HTTP/1.1"),
    answers: [400, 405, 501],
  },
];

const twoLines = [
  {
    name: "a request line in the place of a header",
    send: head("GET /livez HTTP/1.1", "GET /presets HTTP/1.1", "Host: a"),
    by: "library",
  },
  {
    name: "a request line with a colon in the place of a header",
    send: head("GET /livez HTTP/1.1", "GET /presets?: HTTP/1.1", "Host: a"),
  },
];

export const requestLine = [
  ...methods,
  ...oddMethods,
  ...versions,
  ...blanks,
  ...bareLf,
  ...targets,
  ...oddTargets,
  ...twoLines,
];
