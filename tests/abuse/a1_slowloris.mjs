/*
 * tests/abuse/a1_slowloris.mjs - connections that never finish what they say.
 * Aim:    each loses its place 5 s after it came (250 ms of watchdog more), whatever it drips and
 *         however steadily; people who mean well notice nothing.
 * Method: many connections, one byte a second each, of seven tempers; the time from connection to
 *         its end is taken at the client. The last temper is well-behaved first: its time begins
 *         with the first byte of its second request. Some kept connections say nothing at all.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { hire } from "./support/crew.mjs";
import {
  Figures,
  largest,
  milliseconds,
  percentile,
  seconds,
  share,
  tally,
} from "./support/figures.mjs";
import { Ordinary } from "./support/ordinary.mjs";
import {
  cutsOf,
  metricsOf,
  placesFor,
  restOf,
  sumOf,
  timeToRest,
  withSubject,
} from "./support/subject.mjs";

const filler = "x".repeat(64);
const target = "/scream.ogg?preset=robot&seed=1";
const length = "Host: a\r\nContent-Length: 64\r\n\r\n";

/* What is sent at once, and what drips. */
const tempers = {
  silent: { once: "", drip: "" },
  "request line": { once: "", drip: `GET ${target}&x=${filler}` },
  headers: { once: `GET ${target} HTTP/1.1\r\nHost: a\r\n`, drip: "X-A: b\r\n".repeat(8) },
  "GET body": { once: `GET ${target} HTTP/1.1\r\n${length}`, drip: filler },
  "POST body": { once: `POST /scream.ogg HTTP/1.1\r\n${length}`, drip: filler },
  "chunked body": {
    once: "POST /version HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    drip: `40\r\n${filler}`,
  },
  "second request": {
    once: "GET /version HTTP/1.1\r\nHost: a\r\n\r\n",
    drip: `GET ${target}&y=${filler}`,
    kept: true,
  },
};
const names = Object.keys(tempers);

class Attacker {
  constructor(port, temper) {
    Object.assign(this, { temper, lifeMs: Infinity, answer: null, at: 0, begun: Infinity });
    const { once, kept } = tempers[temper];
    this.socket = net.connect({ port, host: "127.0.0.1" });
    this.socket.on("connect", () => {
      this.begun = performance.now();
      this.open = true;
      this.socket.write(once);
    });
    this.socket.on("data", (piece) => {
      this.answer ??= piece.toString("latin1", 9, 12);
      this.mayDrip = kept;
    });
    this.mayDrip = !kept;
    for (const event of ["end", "error", "close"]) {
      this.socket.on(event, () => this.#over());
    }
  }

  #over() {
    if (this.lifeMs === Infinity && this.open) {
      this.lifeMs = performance.now() - this.begun;
    }
    this.open = false;
    this.socket.destroy();
  }

  drip() {
    const { drip, kept } = tempers[this.temper];
    if (!this.open || !this.mayDrip || this.at >= drip.length) {
      return;
    }
    if (kept && this.at === 0) {
      this.begun = performance.now();
    }
    this.socket.write(drip[this.at]);
    this.at += 1;
  }
}

/** In a worker: all attackers; [{ temper, lifeMs, answer }]. */
export async function attack({ port, connections, patienceMs }) {
  const attackers = [];
  for (let i = 0; i < connections; i += 1) {
    attackers.push(new Attacker(port, names[i % names.length]));
    if (i % 50 === 49) {
      await sleep(10);
    }
  }
  const end = performance.now() + patienceMs;
  while (attackers.some(({ open }) => open !== false) && performance.now() < end) {
    await sleep(1000);
    attackers.forEach((attacker) => attacker.drip());
  }
  attackers.forEach(({ socket }) => socket.destroy());
  return attackers.map(({ temper, lifeMs, answer }) => ({
    temper,
    lifeMs: Number.isFinite(lifeMs) ? lifeMs : -1,
    answer,
  }));
}

/* Connections that were good for one request and then say nothing. */
async function idle(port, connections, patienceMs) {
  const lives = await Promise.all(
    Array.from({ length: connections }, () => {
      const socket = net.connect({ port, host: "127.0.0.1" });
      let since = Infinity;
      socket.write("GET /version HTTP/1.1\r\nHost: a\r\n\r\n");
      socket.on("data", () => (since = performance.now()));
      return new Promise((resolve) => {
        const over = () => {
          resolve(performance.now() - since);
          socket.destroy();
        };
        socket.on("end", over);
        socket.on("error", over);
        setTimeout(() => resolve(Infinity), patienceMs).unref();
      }).finally(() => socket.destroy());
    }),
  );
  return lives;
}

/** Attacks and measures; see figures for what is returned. */
export async function measure({ connections = 1000, kept = 20, patienceMs = 20000 } = {}) {
  const settings = { SCREAM_MAX_CONNECTIONS: placesFor(connections + 256) };
  return withSubject({ settings }, async (server) => {
    const rest = await restOf(server);
    const crew = await hire(import.meta.url, 1, { port: server.port, connections, patienceMs });
    const ordinary = new Ordinary(server.port).start();
    const idling = idle(server.port, kept, patienceMs);
    const attackers = (await crew.go()).flat();
    const others = await ordinary.stop();
    const idleMs = await idling;
    const backMs = await timeToRest(server, rest, performance.now());
    const metrics = await metricsOf(server);
    const lives = attackers.map(({ lifeMs }) => (lifeMs < 0 ? Infinity : lifeMs));
    return {
      attackers,
      lives,
      others,
      idleMs,
      backMs,
      cut: cutsOf(metrics),
      refused: sumOf(metrics, "scream_http_connections_refused_total"),
    };
  });
}

export async function figures() {
  const lines = new Figures("A1", "slowloris: 1,000 connections of seven tempers, 1 byte/s");
  const { attackers, lives, others, idleMs, backMs, cut, refused } = await measure();
  const within5 = lives.filter((life) => life <= 5500).length;
  lines.hard(
    "attackers closed within 5.5 s",
    share(within5, lives.length),
    "all",
    within5 === lives.length,
  );
  lines.note("longest life of an attacker", seconds(largest(lives)));
  for (const name of names) {
    const mine = attackers.filter(({ temper }) => temper === name);
    const worst = largest(mine.map(({ lifeMs }) => (lifeMs < 0 ? Infinity : lifeMs)));
    const answers = tally(mine.map(({ answer }) => answer ?? "none"));
    lines.note(`  ${name}`, `${seconds(worst)}, answers ${answers}`);
  }
  lines.note("refused for want of a place", refused);
  const within10 = idleMs.filter((life) => life <= 10500).length;
  lines.hard(
    "kept connections, silent, closed within 10.5 s",
    share(within10, idleMs.length),
    "all",
    within10 === idleMs.length,
  );
  lines.ordinary(others);
  lines.speed(
    "ordinary requests, p99",
    milliseconds(percentile(others.latencies, 0.99)),
    "<= 100 ms",
    percentile(others.latencies, 0.99) <= 100,
  );
  lines.back("places given back", backMs);
  lines.note("cut off, by reason", cut);
  return lines;
}
