/*
 * tests/e2e/raw_matrix/host.mjs - whom the client meant to reach.
 * Why:    the server has one set of addresses whatever the name; but a name that two programs read
 *         differently is how caches are poisoned.
 * Source: RFC 9110 section 7.2; RFC 9112 sections 3.2 and 3.2.2; RFC 3986 section 3.2.
 */
import { head } from "./bytes.mjs";

const hosts = (...lines) => head("GET /livez HTTP/1.1", ...lines);

const counts = [
  { name: "none", send: hosts("X: y"), by: "library", doubled: true, everyByte: true },
  { name: "no header at all", send: head("GET /livez HTTP/1.1"), by: "library", doubled: true },
  { name: "none in HTTP/1.0", send: head("GET /livez HTTP/1.0"), answers: [200] },
  {
    name: "none beside the absolute form",
    send: head("GET http://a/livez HTTP/1.1"),
    by: "library",
    doubled: true,
  },
  { name: "twice the same", send: hosts("Host: a", "Host: a"), everyByte: true },
  { name: "twice", send: hosts("Host: a", "Host: b") },
  { name: "twice, in different case", send: hosts("Host: a", "HOST: b") },
  { name: "twice, and far apart", send: hosts("Host: a", "X: y", "Z: z", "Host: b") },
  { name: "twice, and one is empty", send: hosts("Host: a", "Host:") },
  { name: "twice in HTTP/1.0", send: head("GET /livez HTTP/1.0", "Host: a", "Host: b") },
  {
    name: "with a blank before the colon",
    send: hosts("Host : a"),
    by: "library",
    doubled: true,
    odd: "to the library a header of another name: it finds no Host",
  },
  {
    name: "behind a blank",
    send: hosts(" Host: a"),
    answers: [400],
    by: "anyone",
    doubled: true,
  },
  { name: "in a folded line", send: hosts("Host: a", "X: y", " Host: b") },
  {
    name: "with a folded value",
    send: hosts("Host:", " a"),
    answers: [400],
    by: "anyone",
    doubled: true,
    odd: "the library makes one name of it, Hosta, and finds no Host",
  },
];

const good = [
  ["a name", "example.org"],
  ["a name and a port", "example.org:8080"],
  ["a name and an empty port", "example.org:"],
  ["an IPv4 address", "127.0.0.1:1"],
  ["an IPv6 address", "[::1]:8080"],
  ["a name with a dot behind", "example.org."],
  ["a name with an underscore", "a_b.example"],
  ["capitals", "LOCALHOST"],
].map(([what, value]) => ({
  name: `good: ${what}`,
  send: hosts(`Host: ${value}`),
  answers: [200],
  stays: true,
}));

/* A server may be content with any name it does not use; what could break a log, a redirect or a
 * cache key is refused. */
const odd = [
  ["nothing", "", [200, 400]],
  ["a user", "user@a", [200, 400]],
  ["a user and a password", "user:password@a", [200, 400]],
  ["a list", "a, b", [200, 400]],
  ["a list without blanks", "a,b", [200, 400]],
  ["two words", "a b", [200, 400]],
  ["a path", "a/livez", [200, 400]],
  ["a query", "a?b", [200, 400]],
  ["a fragment", "a#b", [200, 400]],
  ["a scheme", "http://a", [200, 400]],
  ["a port of letters", "a:http", [200, 400]],
  ["a port below zero", "a:-1", [200, 400]],
  ["a port too large", "a:99999", [200, 400]],
  ["two ports", "a:1:2", [200, 400]],
  ["half an IPv6 address", "[::1", [200, 400]],
  ["an IPv6 address without brackets", "::1", [200, 400]],
  ["a quote", '"a"', [200, 400]],
  ["a script", "<script>", [200, 400]],
  ["a backslash", "a\\b", [200, 400]],
  ["latin-1", "\xe9.example", [200, 400]],
  ["a bell", "a\x07", [400]],
  ["a bare CR", "a\rb", [400]],
  ["a DEL", "a\x7f", [400]],
  ["4,000 letters", "a".repeat(4000), [200, 400]],
].map(([what, value, answers]) => ({
  name: `odd: ${what}`,
  send: hosts(`Host: ${value}`),
  answers,
}));

const nul = [
  {
    name: "odd: a NUL",
    send: hosts("Host: a\0b"),
    answers: [200, 400],
    odd: "for the library the value ends there; the connection ends too",
  },
];

export const host = [...counts, ...good, ...odd, ...nul].map((each) => ({
  ...each,
  name: `Host ${each.name}`,
}));
