/*
 * tests/e2e/raw_matrix/protocols.mjs - clients at the wrong door, and those who never finish.
 * Why:    bytes without a line's end are a head that is not complete: they wait until the deadline
 *         for heads, unless the client says that it has said all.
 * Source: RFC 1945 (HTTP/0.9), RFC 9113 section 3.4, RFC 8446, RFC 4253, RFC 5321, RFC 1928, PROXY
 *         protocol; RFC 9112 section 2.2 (empty lines before the request line).
 */
import { ask, canary, get, head } from "./bytes.mjs";

const random = "\x7f".repeat(32);
const hello = `\x16\x03\x01\0\x2d\x01\0\0\x29\x03\x03${random}\0\0\x02\x13\x01\x01\0`;

const strangers = [
  ["HTTP/0.9", "GET /livez\r\n"],
  ["HTTP/0.9 with a bare LF", "GET /livez\n"],
  ["HTTP/0.9 of a root", "GET /\r\n"],
  ["HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
  ["a TLS greeting", hello],
  ["a TLS greeting that holds an end of line", `${hello}\r\n`],
  ["an old SSL greeting", "\x80\x2e\x01\x03\x01\0\x15\0\0\0\x10"],
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["SMTP", "EHLO example.org\r\n"],
  ["FTP", "USER anonymous\r\n"],
  ["SIP", head("OPTIONS sip:a SIP/2.0", "Via: SIP/2.0/TCP a")],
  ["RTSP", head("OPTIONS rtsp://a/ RTSP/1.0", "CSeq: 1")],
  ["Icecast's SOURCE", head("SOURCE /live ICE/1.0", "Content-Type: audio/ogg")],
  ["SOCKS 4", "\x04\x01\x00\x50\x7f\x00\x00\x01\x00"],
  ["SOCKS 5", "\x05\x01\x00"],
  ["Redis", "*1\r\n$4\r\nPING\r\n"],
  ["memcached", "stats\r\n"],
  ["MySQL", "\x20\0\0\x01\x85\xa6\x03\0"],
  ["RDP", "\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0"],
  ["the PROXY protocol", `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${get()}`],
  ["the binary PROXY protocol", `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c${"\0".repeat(12)}${get()}`],
  ["JSON", '{"method":"GET"}\r\n'],
  ["a byte order mark", `\xef\xbb\xbf${get()}`],
  ["UTF-16", `\xff\xfeG\0E\0T\0 \0/\0 \0H\0T\0T\0P\0\n\0\n\0`],
  ["NULs", "\0".repeat(64)],
  ["all bytes", String.fromCharCode(...Array(256).keys())],
  ["an answer", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
  ["a line of colons", ":::::::\r\n"],
  ["a shell", "$(id)\r\n`id`\r\n"],
].map(([name, send]) => ({
  name: `a stranger: ${name}`,
  send,
  answers: [400, 501, 505, "closed"],
  by: "anyone",
  doubled: "may",
  finish: "half-close",
}));

/* RFC 9112 section 2.2: a server should ignore at least one empty line before a request. */
const empty = [
  ["one", "\r\n", true],
  ["ten", "\r\n".repeat(10)],
  ["one of a bare LF", "\n"],
  ["one of a bare CR", "\r", false, [400]],
  ["two thousand", "\r\n".repeat(2000)],
  ["ten thousand", "\r\n".repeat(10000), false, [200, 414, "closed"]],
  ["twenty thousand bare LFs", "\n".repeat(20000), false, [200, 414, "closed"]],
].map(([what, lines, everyByte = false, answers = [200]]) => ({
  name: `empty lines first: ${what}`,
  send: lines + get(),
  answers,
  by: "anyone",
  everyByte,
}));

/* The library takes a line that begins with a zero byte for an empty one. What follows is the first
 * request to it, and its connection ends. */
const zeros = [
  {
    name: "empty lines first: ten that are none, of a NUL",
    send: "\0\r\n".repeat(10) + ask("OPTIONS"),
    answers: [204, 400],
    odd: "what follows is answered, once",
  },
];

const unfinished = [
  ["nothing at all", ""],
  ["one byte", "G"],
  ["a method", "GET "],
  ["half a target", "GET /liv"],
  ["a request line without its end", "GET /livez HTTP/1.1"],
  ["a request line and a CR", "GET /livez HTTP/1.1\r"],
  ["a request line", "GET /livez HTTP/1.1\r\n"],
  ["half a name", "GET /livez HTTP/1.1\r\nHo"],
  ["a header without its end", "GET /livez HTTP/1.1\r\nHost: a"],
  ["a header", "GET /livez HTTP/1.1\r\nHost: a\r\n"],
  ["half an empty line", "GET /livez HTTP/1.1\r\nHost: a\r\n\r"],
  ["an empty line", "\r\n"],
].flatMap(([what, send]) => [
  {
    name: `unfinished, and the client has said all: ${what}`,
    send,
    answers: ["closed", 400, 408],
    by: "anyone",
    alone: true,
    finish: "half-close",
  },
  {
    name: `unfinished, and nothing more comes: ${what}`,
    send,
    answers: ["closed", 408],
    by: "anyone",
    alone: true,
  },
]);

const halfClosed = [
  {
    name: "a good request",
    send: get(),
    alone: true,
    answers: [200],
    stays: "may",
    finish: "half-close",
  },
  { name: "two good requests", send: get(), answers: [200], finish: "half-close" },
  {
    name: "a good request and half of one",
    send: get(),
    more: canary("half").slice(0, 30),
    answers: [200],
    alone: true,
    finish: "half-close",
  },
  {
    name: "half a body",
    send: head("POST /livez HTTP/1.1", "Host: a", "Content-Length: 9") + "half",
    alone: true,
    finish: "half-close",
  },
  {
    name: "half a chunk",
    send: head("POST /livez HTTP/1.1", "Host: a", "Transfer-Encoding: chunked") + "5\r\nhe",
    alone: true,
    finish: "half-close",
  },
].map((each) => ({ ...each, name: `said all: ${each.name}` }));

export const protocols = [...strangers, ...empty, ...zeros, ...unfinished, ...halfClosed];
