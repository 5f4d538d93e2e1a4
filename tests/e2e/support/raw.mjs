/*
 * tests/e2e/support/raw.mjs - a socket that sees what a server really sends, and reads when told.
 * Why:    chunks, closings, stalled and vanished readers are invisible through an HTTP client.
 * Flow:   send -> head -> body: every head, and every body read whole, is held against
 *         openapi.yaml, for the request that the bytes sent so far begin with.
 * Limits: bytes are taken from the kernel only as they are asked for (64 KiB ahead at most).
 */
import net from "node:net";

import { holdBody, holdHead } from "../../contract/support/ledger.mjs";
import { within } from "./wait.mjs";

/* The request that bytes begin with, and how many it takes; no request line: nothing is known. */
function readRequest(bytes) {
  const text = bytes.toString("latin1").replace(/^[\r\n]+/, "");
  const skipped = bytes.length - text.length;
  const [, method, target] = /^([^\s]+) +([^\r\n]*?)(?: +HTTP\/[^\r\n]*)?\r?\n/.exec(text) ?? [];
  const head = /\r?\n\r?\n/.exec(text);
  if (head === null) {
    return { method, target, taken: bytes.length };
  }
  const end = head.index + head[0].length;
  const length = /^content-length:[ \t]*([0-9]+)[ \t]*$/im.exec(text.slice(0, end))?.[1] ?? "0";
  return { method, target, taken: skipped + end + Number(length) };
}

/* Reads the lines of a head: { status, line, headers, names }. */
function readHead([line, ...fields]) {
  const headers = {};
  const names = [];
  for (const field of fields) {
    const colon = field.indexOf(":");
    names.push(field.slice(0, colon).toLowerCase());
    headers[names.at(-1)] = field.slice(colon + 1).trim();
  }
  return { status: Number(line.split(" ")[1]), line, headers, names };
}

/**
 * Holds against openapi.yaml what was read by other means than a RawClient.
 * in      asked     the bytes that were sent
 *         received  what came so far; nothing happens before its head is whole
 *         isWhole   it is all there is, and its body has a length
 * returns whether the head was whole
 */
export function holdBytes(port, asked, received, isWhole = false) {
  const bytes = Buffer.from(received);
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) {
    return false;
  }
  const { method, target } = readRequest(Buffer.from(asked));
  const head = readHead(bytes.toString("latin1", 0, end).split("\r\n"));
  const ruling = holdHead({ port, method, target }, head);
  if (isWhole) {
    holdBody(ruling, bytes.subarray(end + 4));
  }
  return true;
}

export class RawClient {
  constructor(socket, port) {
    this.socket = socket;
    this.port = port;
    this.asked = Buffer.alloc(0);
    this.ruling = null;
    this.waiting = Buffer.alloc(0);
    this.ended = false;
    this.error = null;
    socket.on("end", () => (this.ended = true));
    socket.on("close", () => (this.ended = true));
    socket.on("error", (error) => (this.error = error));
    socket.setNoDelay(true);
  }

  /** A connection; from an address of this machine, if one is named. */
  static async connect(port, host = "127.0.0.1", localAddress = undefined) {
    const socket = net.connect({ port, host, localAddress });
    socket.pause();
    await within(
      new Promise((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("error", reject);
      }),
      `a connection to port ${port}`,
    );
    return new RawClient(socket, port);
  }

  send(data) {
    const bytes = Buffer.from(data);
    this.asked = this.asked.length ? Buffer.concat([this.asked, bytes]) : bytes;
    this.socket.write(bytes);
    return this;
  }

  /** Sends GET; headers is an object. */
  get(target, headers = {}) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return this.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n${lines.join("")}\r\n`);
  }

  /** Takes what has come, at least one byte; false at the end of the connection. */
  async #more() {
    for (;;) {
      const piece = this.socket.read();
      if (piece !== null) {
        this.waiting = this.waiting.length ? Buffer.concat([this.waiting, piece]) : piece;
        return true;
      }
      if (this.ended || this.socket.destroyed) {
        return false;
      }
      await within(
        new Promise((resolve) => {
          const done = () => {
            for (const event of ["readable", "end", "close"]) {
              this.socket.off(event, done);
            }
            resolve();
          };
          for (const event of ["readable", "end", "close"]) {
            this.socket.on(event, done);
          }
        }),
        "bytes of the server",
      );
    }
  }

  #take(count) {
    const taken = this.waiting.subarray(0, count);
    this.waiting = this.waiting.subarray(count);
    return taken;
  }

  /** Exactly count bytes; throws when the connection ends before. */
  async bytes(count) {
    this.ruling = null; /* A body of which a part is taken apart is not judged whole. */
    const pieces = [];
    let left = count;
    while (left > 0) {
      if (this.waiting.length === 0 && !(await this.#more())) {
        throw new Error(`the connection ended ${left} bytes too early (${this.error ?? "end"})`);
      }
      const piece = this.#take(Math.min(left, this.waiting.length));
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** One line without its end. */
  async line() {
    for (;;) {
      const at = this.waiting.indexOf("\r\n");
      if (at >= 0) {
        const line = this.#take(at + 2);
        return line.subarray(0, at).toString("latin1");
      }
      if (!(await this.#more())) {
        throw new Error(`the connection ended within a line (${this.error ?? "end"})`);
      }
    }
  }

  /* Holds an answer against the contract, for the request it belongs to. */
  #hold(answer, by) {
    const { method, target, taken } = readRequest(this.asked);
    this.asked = this.asked.subarray(taken);
    this.ruling = holdHead({ port: this.port, method, target }, answer, by);
  }

  /**
   * The head of an answer: { status, line, headers } with lower-case names.
   * in      by   whose answer it may be; see tests/contract/support/ledger.mjs
   */
  async head({ by = "server" } = {}) {
    const lines = [await this.line()];
    for (let field = await this.line(); field !== ""; field = await this.line()) {
      lines.push(field);
    }
    const { status, line, headers, names } = readHead(lines);
    if (status >= 200) {
      this.#hold({ status, headers, names }, by);
    }
    return { status, line, headers };
  }

  /** The next chunk of a chunked body; null at its end. */
  async chunk() {
    this.ruling = null;
    const size = Number.parseInt(await this.line(), 16);
    const data = await this.bytes(size);
    await this.line();
    return size === 0 ? null : data;
  }

  /** The rest of a body, framed as its head says. */
  async body(head) {
    const { ruling } = this;
    const rest = await this.#body(head);
    holdBody(ruling, rest);
    return rest;
  }

  async #body(head) {
    if (head.status === 204 || head.status === 304) {
      return Buffer.alloc(0);
    }
    if (head.headers["transfer-encoding"] === "chunked") {
      const pieces = [];
      for (let piece = await this.chunk(); piece !== null; piece = await this.chunk()) {
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    }
    if (head.headers["content-length"] !== undefined) {
      return this.bytes(Number(head.headers["content-length"]));
    }
    return this.rest();
  }

  /** Everything until the connection ends. */
  async rest() {
    while (await this.#more());
    return this.#take(this.waiting.length);
  }

  /** Whether the server closes, with nothing more to read. */
  async closes() {
    return this.waiting.length === 0 && !(await this.#more());
  }

  /** Goes away with a goodbye (FIN). */
  close() {
    this.socket.destroy();
  }

  /** Goes away with a reset, as a crashed machine does. */
  reset() {
    this.socket.resetAndDestroy();
  }
}

/** One request of any bytes on a connection of its own; { head, body }. */
export async function exchange(port, data, { by } = {}) {
  const client = await RawClient.connect(port);
  try {
    client.send(data);
    const head = await client.head({ by });
    return { head, body: await client.body(head), client };
  } finally {
    client.close();
  }
}
