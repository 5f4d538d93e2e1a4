/*
 * tests/abuse/a5_descriptors.mjs - no descriptor is left to accept with.
 * Aim:    the server waits quietly and says so now and then; what runs goes on; with the first
 *         descriptor that comes back it serves as before. Too small a limit at the start is refused
 *         with a sentence that helps.
 * Method: prlimit takes the limit of the running server down to a few more than are open, and many
 *         more clients come than that, again and again; processor time is read from /proc. Then
 *         the clients leave; in a second round the limit is lifted under them.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { get } from "../e2e/support/http.mjs";
import { RawClient } from "../e2e/support/raw.mjs";
import { binary, environment } from "../e2e/support/server.mjs";
import { run } from "../e2e/support/tools.mjs";
import { within } from "../e2e/support/wait.mjs";
import { Figures, largest, milliseconds, share, tally } from "./support/figures.mjs";
import { filesAllowed, limitFiles, openFiles, processorMs } from "./support/machine.mjs";
import { withSubject } from "./support/subject.mjs";

const target = "/scream.wav?preset=robot&seed=1&duration=60";

/* A client that wants in, and comes back a second after it was turned away. */
class Visitor {
  constructor(port) {
    Object.assign(this, { port, outcomes: [] });
    this.#knock();
  }

  #knock() {
    let outcome = "waiting";
    this.outcomes.push(outcome);
    const tell = (text) => {
      outcome = outcome === "waiting" ? text : outcome;
      this.outcomes[this.outcomes.length - 1] = outcome;
    };
    this.socket = net.connect({ port: this.port, host: "127.0.0.1" });
    /* Who gets in takes one mouthful and holds the place. */
    this.socket.on("data", (piece) => {
      tell(piece.toString("latin1", 9, 12));
      if (outcome === "200") {
        this.socket.pause();
      }
    });
    this.socket.on("end", () => tell("closed"));
    this.socket.on("error", (error) => tell(error.code));
    this.socket.on("close", () => {
      if (!this.gone) {
        this.bell = setTimeout(() => this.#knock(), 1000);
      }
    });
    this.socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  }

  leave() {
    this.gone = true;
    clearTimeout(this.bell);
    this.socket.destroy();
  }
}

/* Most lines the log got within one second. */
function linesPerSecond(lines) {
  const seconds = new Map();
  for (const { ts } of lines) {
    seconds.set(ts.slice(0, 19), (seconds.get(ts.slice(0, 19)) ?? 0) + 1);
  }
  return largest([...seconds.values()]);
}

async function timeToService(server, from, timeoutMs) {
  for (;;) {
    const good = await Promise.race([
      get(server.port, "/version").then(
        ({ status }) => status === 200,
        () => false,
      ),
      sleep(1000, false),
    ]);
    const now = performance.now() - from;
    if (good || now > timeoutMs) {
      return good ? now : Infinity;
    }
    await sleep(5);
  }
}

/* One request every half second on a connection that was there before. */
async function askKept(kept, until) {
  let asked = 0;
  let answers = 0;
  while (performance.now() < until) {
    await sleep(500);
    asked += 1;
    kept.get("/version");
    const status = await within(kept.head(), "a kept connection", 5000).then(
      async (head) => kept.body(head).then(() => head.status),
      () => 0,
    );
    answers += status === 200 ? 1 : 0;
  }
  return { asked, answers };
}

async function starve(server, { clients, spare, starveMs, release }) {
  const { pid } = server.child;
  const before = filesAllowed(pid);
  const kept = await RawClient.connect(server.port);
  await kept.body(await kept.get("/version").head());
  limitFiles(pid, openFiles(pid) + spare);
  const known = server.logs().length;
  const visitors = Array.from({ length: clients }, () => new Visitor(server.port));
  await sleep(1000);
  const processor = processorMs(pid);
  const begun = performance.now();
  const pulse = await askKept(kept, begun + starveMs);
  const busyMs = processorMs(pid) - processor;
  const takenMs = performance.now() - begun;
  const outcomes = visitors.flatMap((visitor) => visitor.outcomes);
  const lines = server.logs().slice(known).filter(({ msg }) => msg !== "request");
  const from = performance.now();
  if (release === "limit") {
    limitFiles(pid, before);
  } else {
    visitors.forEach((visitor) => visitor.leave());
  }
  const backMs = await timeToService(server, from, 30000);
  visitors.forEach((visitor) => visitor.leave());
  kept.close();
  limitFiles(pid, before);
  return {
    processorShare: (100 * busyMs) / takenMs,
    perSecond: linesPerSecond(lines),
    words: lines.map(({ msg }) => msg),
    outcomes,
    ...pulse,
    backMs,
  };
}

/** Starts with a limit that is too small: { code, stderr }. */
export function startWithFiles(files) {
  return run("prlimit", [`--nofile=${files}:${files}`, binary, "serve"], {
    env: environment({ SCREAM_HTTP_PORT: "0" }),
    timeoutMs: 20000,
  });
}

/** Attacks and measures: both ways to end it. */
export async function measure({ clients = 500, spare = 20, starveMs = 5000 } = {}) {
  const settings = { SCREAM_MAX_CONNECTIONS: "1024" };
  return withSubject({ settings }, async (server) => {
    const left = await starve(server, { clients, spare, starveMs, release: "clients" });
    const lifted = await starve(server, { clients, spare, starveMs, release: "limit" });
    return { left, lifted, refused: await startWithFiles(128) };
  });
}

export async function figures() {
  const lines = new Figures("A5", "no descriptor left: 500 clients, 20 descriptors");
  const { left, lifted, refused } = await measure();
  const both = [left, lifted];
  const busy = largest(both.map(({ processorShare }) => processorShare));
  const loud = largest(both.map(({ perSecond }) => perSecond));
  lines.hard("processor while starved", `${busy.toFixed(1)} %`, "<= 5 %", busy <= 5);
  lines.hard("lines of log in one second", loud, "<= 10", loud <= 10);
  lines.note("what they say", tally(both.flatMap(({ words }) => words)));
  lines.note("what clients saw", tally(both.flatMap(({ outcomes }) => outcomes)));
  const ends = { "the clients left": left, "the limit was lifted": lifted };
  for (const [name, one] of Object.entries(ends)) {
    lines.back(`served again after ${name}`, one.backMs);
    lines.speed("  how soon", milliseconds(one.backMs), "<= 1.0 s", one.backMs <= 1000);
  }
  const asked = both.reduce((sum, one) => sum + one.asked, 0);
  const answers = both.reduce((sum, one) => sum + one.answers, 0);
  lines.hard("a kept connection meanwhile", share(answers, asked), "all", answers === asked);
  lines.hard("limit of 128 at the start: exit code", refused.code, "78", refused.code === 78);
  const sentence = refused.stderr.trim().split("\n").at(-1);
  const helps = /ulimit -n/.test(sentence);
  lines.hard("  the sentence names ulimit -n", helps ? "yes" : "no", "yes", helps);
  lines.note("  it says", sentence);
  return lines;
}
