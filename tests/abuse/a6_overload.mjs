/*
 * tests/abuse/a6_overload.mjs - ten times as many clients as places, and not enough arena.
 * Aim:    whoever is refused is told so at once, with 429 or 503 and Retry-After; whoever is let in
 *         gets every byte; the health probe is answered throughout; memory stays what was printed.
 * Method: several workers keep their clients busy: ask, read (half of them at a pace), ask again;
 *         the refused ones come back a second later. Every body is compared with what
 *         `scream generate` makes. A quarter of them come through a trusted proxy as one client
 *         that has a rate limit. The probe asks the admin listener; in a second run, where there is
 *         none, it asks on a connection that was there before.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { hire } from "./support/crew.mjs";
import {
  addUp,
  Figures,
  largest,
  mebibytes,
  milliseconds,
  percentile,
  share,
} from "./support/figures.mjs";
import { generatedHashes, hashOf, listen } from "./support/listener.mjs";
import { residentBytesMost } from "./support/machine.mjs";
import { Ordinary } from "./support/ordinary.mjs";
import { metricsOf, restOf, sumOf, timeToRest, withSubject } from "./support/subject.mjs";

/* 24 Ogg files of 240 KiB each in an arena of 2 MiB, and WAV, which needs none of it. */
const targets = Array.from({ length: 32 }, (_, i) =>
  i % 4 === 3
    ? `/scream.wav?preset=robot&seed=${i}&duration=5`
    : `/scream.ogg?preset=robot&seed=${i}&duration=20`,
);
const paced = 400000;

/* One client: asks until the end, and judges each answer. */
async function client({ port, hashes }, number, end, seen) {
  await sleep((number % 100) * 10);
  for (let i = number; performance.now() < end; i += 7) {
    const target = targets[i % targets.length];
    const greedy = number % 4 === 3;
    const answer = await listen(port, target, {
      rate: number % 2 === 0 ? paced : Infinity,
      fields: greedy ? "X-Forwarded-For: 203.0.113.9\r\n" : "",
    });
    const { outcome, status, headers, body, ms } = answer;
    let verdict = outcome === "whole" ? String(status) : `${status || "no answer"} ${outcome}`;
    if (outcome === "whole" && status === 200 && hashOf(body) !== hashes[target]) {
      verdict = "200 with other bytes";
    }
    seen.verdicts[verdict] = (seen.verdicts[verdict] ?? 0) + 1;
    if (status === 429 || status === 503) {
      seen.refusedMs.push(ms);
      seen.untold += /^[1-9][0-9]*$/.test(headers["retry-after"] ?? "") ? 0 : 1;
      await sleep(750 + Math.random() * 500);
    } else {
      await sleep(200);
    }
  }
}

/** In a worker: { verdicts: { text: count }, untold, refusedMs }. */
export async function attack(options) {
  const seen = { verdicts: {}, untold: 0, refusedMs: [] };
  const end = performance.now() + options.lastMs;
  await Promise.all(
    Array.from({ length: options.clients }, (_, number) => client(options, number, end, seen)),
  );
  return { ...seen, refusedMs: seen.refusedMs.slice(0, 5000) };
}

async function overload(server, { clients, workers, lastMs, hashes, probe }) {
  const rest = await restOf(server);
  const crew = await hire(import.meta.url, workers, {
    port: server.port,
    clients: Math.ceil(clients / workers),
    lastMs,
    hashes,
  });
  const probes = new Ordinary(server.probePort, { paths: ["/livez"], ...probe }).start();
  const passers = new Ordinary(server.port, { paths: ["/version"] }).start();
  await sleep(200);
  const results = await crew.go();
  const livez = await probes.stop();
  const { refusedMs } = await passers.stop();
  const backMs = await timeToRest(server, rest, performance.now());
  const metrics = await metricsOf(server);
  return {
    verdicts: addUp(results.map(({ verdicts }) => verdicts)),
    untold: results.reduce((sum, { untold }) => sum + untold, 0),
    refusedMs,
    crowdMs: results.flatMap(({ refusedMs: ms }) => ms),
    livez,
    backMs,
    printed: server.logs().find(({ msg }) => msg === "memory")?.total_bytes,
    resident: residentBytesMost(server.child.pid),
    arenaFull: sumOf(metrics, "scream_arena_full_total"),
    noPlace: sumOf(metrics, "scream_http_connections_refused_total"),
    limited: sumOf(metrics, "scream_http_limited_total"),
  };
}

/** Attacks and measures, with an admin listener and without. */
export async function measure({ places = 256, clients = 2560, workers = 4, lastMs = 12000 } = {}) {
  const hashes = await generatedHashes(targets);
  const settings = {
    SCREAM_MAX_CONNECTIONS: String(places),
    SCREAM_ARENA_BYTES: "2MiB",
    SCREAM_RATE: "5",
    SCREAM_RATE_BURST: "5",
    SCREAM_TRUSTED_PROXIES: "127.0.0.1",
  };
  const options = { clients, workers, lastMs, hashes };
  const apart = await withSubject({ settings }, (server) => overload(server, options));
  const kept = await withSubject({ settings, admin: false }, (server) =>
    overload(server, { ...options, lastMs: lastMs / 2, probe: { keep: true } }),
  );
  return { apart, kept };
}

const good = /^(200|429|503)$/;

function judge(lines, read) {
  const verdicts = Object.entries(read.verdicts);
  const bad = verdicts.filter(([verdict]) => !good.test(verdict));
  const count = (wanted) => read.verdicts[wanted] ?? 0;
  const all = verdicts.reduce((sum, [, number]) => sum + number, 0);
  const refused = count("429") + count("503");
  lines.note("answers", verdicts.map(([verdict, number]) => `${verdict}: ${number}`).join(", "));
  const reasons = `${read.noPlace}, ${read.arenaFull}, ${read.limited}`;
  lines.note("refused for: place, arena, rate", reasons);
  const wrong = bad.reduce((sum, [, number]) => sum + number, 0);
  lines.hard("other than 200, 429, 503; resets; hangs", share(wrong, all), "0", wrong === 0);
  lines.hard(
    "refusals with Retry-After",
    share(refused - read.untold, refused),
    "all",
    refused > 0 && read.untold === 0,
  );
  const accepted = verdicts.filter(([verdict]) => verdict.startsWith("200"));
  const total = accepted.reduce((sum, [, number]) => sum + number, 0);
  lines.hard(
    "accepted streams whole, byte for byte",
    share(count("200"), total),
    "all",
    total > 0 && count("200") === total,
  );
  const shedMs = percentile(read.refusedMs, 0.99);
  lines.speed("refusal, p99", milliseconds(shedMs), "<= 25 ms", shedMs <= 25);
  const crowdMs = percentile(read.crowdMs, 0.99);
  lines.note("  as the crowd's busy processes see it", milliseconds(crowdMs));
  lines.back("places given back", read.backMs);
}

function judgeProbe(lines, name, { livez }) {
  const { answered, asked } = livez;
  lines.hard(`/livez ${name}`, share(answered, asked), "all", answered === asked);
  const p99 = percentile(livez.latencies, 0.99);
  lines.speed("  p99", milliseconds(p99), "<= 50 ms", p99 <= 50);
}

export async function figures() {
  const lines = new Figures("A6", "overload: 2,560 clients, 256 places, an arena of 2 MiB");
  const { apart, kept } = await measure();
  judge(lines, apart);
  judgeProbe(lines, "on the admin listener", apart);
  judge(lines, kept);
  judgeProbe(lines, "on a kept connection, no admin listener", kept);
  const resident = largest([apart.resident, kept.resident]);
  const printed = Math.min(apart.printed, kept.printed);
  const goal = `<= ${mebibytes(printed)} printed`;
  lines.hard("resident memory, most", mebibytes(resident), goal, resident <= printed);
  return lines;
}
