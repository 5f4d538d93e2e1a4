/*
 * tests/abuse/support/ordinary.mjs - the people who mean well, all the while.
 * Why:    an attack is judged by what others notice of it.
 * Method: so many requests a second, each on a connection of its own unless it is told to keep
 *         one; late or wrong answers and broken connections are counted, never repeated.
 */
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const mixed = ["/scream.ogg?preset=robot&seed=7&duration=1", "/presets", "/version"];

function ask(port, path, agent) {
  const begun = performance.now();
  return new Promise((resolve) => {
    const ended = (outcome) => resolve({ outcome, path, ms: performance.now() - begun });
    const sent = http.get({ host: "127.0.0.1", port, path, agent, timeout: 10000 }, (answer) => {
      answer.on("data", () => {});
      answer.on("error", (error) => ended(error.code ?? error.message));
      answer.on("end", () => ended(answer.complete ? answer.statusCode : "cut off"));
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 10 s")));
    sent.on("error", (error) => ended(error.code ?? error.message));
  });
}

export class Ordinary {
  #asked = [];
  #stopped = false;
  #running = null;

  /** options: perSecond, paths, keep (one connection for all) */
  constructor(port, { perSecond = 20, paths = mixed, keep = false } = {}) {
    const agent = keep ? new http.Agent({ keepAlive: true, maxSockets: 1 }) : false;
    Object.assign(this, { port, perSecond, paths, agent });
  }

  start() {
    this.#running = this.#run();
    return this;
  }

  async #run() {
    const begun = performance.now();
    for (let i = 0; !this.#stopped; i += 1) {
      this.#asked.push(ask(this.port, this.paths[i % this.paths.length], this.agent));
      await sleep(Math.max(0, begun + ((i + 1) * 1000) / this.perSecond - performance.now()));
    }
  }

  /** Ends asking; { asked, answered (200), others: [outcome], latencies, refusedMs (503) }. */
  async stop() {
    this.#stopped = true;
    await this.#running;
    const all = await Promise.all(this.#asked);
    if (this.agent) {
      this.agent.destroy();
    }
    const good = all.filter(({ outcome }) => outcome === 200);
    return {
      asked: all.length,
      answered: good.length,
      others: all.filter(({ outcome }) => outcome !== 200).map(({ outcome }) => outcome),
      latencies: good.map(({ ms }) => ms),
      refusedMs: all.filter(({ outcome }) => outcome === 503).map(({ ms }) => ms),
    };
  }
}
