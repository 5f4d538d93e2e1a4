/*
 * tests/e2e/support/raw.mjs - a socket that sees what a server really sends, and reads when told.
 * Why:    chunks, closings, stalled and vanished readers are invisible through an HTTP client.
 * Limits: bytes are taken from the kernel only as they are asked for (64 KiB ahead at most).
 */
import net from "node:net";

import { within } from "./wait.mjs";

export class RawClient {
  constructor(socket) {
    this.socket = socket;
    this.waiting = Buffer.alloc(0);
    this.ended = false;
    this.error = null;
    socket.on("end", () => (this.ended = true));
    socket.on("close", () => (this.ended = true));
    socket.on("error", (error) => (this.error = error));
    socket.setNoDelay(true);
  }

  static async connect(port, host = "127.0.0.1") {
    const socket = net.connect({ port, host });
    socket.pause();
    await within(
      new Promise((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("error", reject);
      }),
      `a connection to port ${port}`,
    );
    return new RawClient(socket);
  }

  send(data) {
    this.socket.write(data);
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

  /** The head of an answer: { status, line, headers } with lower-case names. */
  async head() {
    const line = await this.line();
    const headers = {};
    for (let field = await this.line(); field !== ""; field = await this.line()) {
      const colon = field.indexOf(":");
      headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
    }
    return { status: Number(line.split(" ")[1]), line, headers };
  }

  /** The next chunk of a chunked body; null at its end. */
  async chunk() {
    const size = Number.parseInt(await this.line(), 16);
    const data = await this.bytes(size);
    await this.line();
    return size === 0 ? null : data;
  }

  /** The rest of a body, framed as its head says. */
  async body(head) {
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
export async function exchange(port, data) {
  const client = await RawClient.connect(port);
  try {
    client.send(data);
    const head = await client.head();
    return { head, body: await client.body(head), client };
  } finally {
    client.close();
  }
}
