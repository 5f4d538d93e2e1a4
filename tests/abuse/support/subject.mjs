/*
 * tests/abuse/support/subject.mjs - the server that has to bear it, and what is read from it.
 * Why:    every group starts a server of its own, and ends it with the usual demands: exit code 0
 *         and no error in the log. A server that died of an attack fails there.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { endServer, startServer } from "../../e2e/support/server.mjs";
import { get } from "../../e2e/support/http.mjs";
import { Metrics } from "../../e2e/support/metrics.mjs";
import { filesAllowed } from "./machine.mjs";

/** A TCP port of loopback that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const holder = net.createServer();
    holder.once("error", reject);
    holder.listen(0, "127.0.0.1", () => {
      const { port } = holder.address();
      holder.close(() => resolve(port));
    });
  });
}

/** Places a server can be given here: as many as are wanted, if so many files may be open. */
export function placesFor(wanted) {
  return String(Math.min(wanted, filesAllowed() - 1024));
}

/** Runs work(server) against a server of its own; health and metrics are at server.probePort. */
export async function withSubject({ settings = {}, admin = true, ...options }, work) {
  const server = await startServer({
    ...options,
    settings: { ...(admin ? { SCREAM_ADMIN_PORT: "0" } : {}), ...settings },
  });
  let failure;
  try {
    server.probePort = admin ? await server.adminPort() : server.port;
    return await work(server);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await endServer(server, { mayDie: Boolean(failure) });
  }
}

/** The numbers of /metrics, asked where they are answered under load. */
export async function metricsOf(server) {
  const answer = await get(server.probePort, "/metrics");
  if (answer.status !== 200) {
    throw new Error(`/metrics: ${answer.status}`);
  }
  return new Metrics(answer.body.toString("utf8"));
}

/** Sum of a metric; 0 where this build has none of the name. */
export function sumOf(metrics, name, labels) {
  return metrics.text.includes(`# TYPE ${name} `) ? metrics.sum(name, labels) : 0;
}

/** How many connections the watchdog has cut off, as "head 571, idle 20". */
export function cutsOf(metrics) {
  const cuts = metrics
    .matching("scream_http_connections_cut_total")
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => `${Object.values(labels).join(" ")} ${value}`);
  return cuts.join(", ") || "none";
}

/** Places in use now: { connections, requests, readers, pcm, renders }. */
function placesOf(metrics) {
  return {
    connections: metrics.sum("scream_http_connections"),
    requests: metrics.sum("http_requests_in_flight"),
    readers: metrics.sum("scream_arena_readers"),
    pcm: metrics.sum("scream_pcm_streams_used"),
    renders: metrics.sum("scream_render_states_used"),
  };
}

/** Places in use while nobody but the asker is there: whether that one counts is its affair. */
export async function restOf(server) {
  let rest = placesOf(await metricsOf(server));
  for (let i = 0; i < 3; i += 1) {
    const again = placesOf(await metricsOf(server));
    rest = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, Math.min(value, again[name])]),
    );
  }
  return rest;
}

/** Names of the places of which more are in use than at rest. */
export function busyPlaces(metrics, rest) {
  const now = placesOf(metrics);
  return Object.keys(now).filter((name) => now[name] > rest[name]);
}

/**
 * Waits until the places of these names are as they were at rest.
 * returns milliseconds since `from` (performance.now()); Infinity when they never were
 */
export async function timeToRest(server, rest, from, { names, timeoutMs = 30000 } = {}) {
  for (;;) {
    const busy = busyPlaces(await metricsOf(server), rest);
    const now = performance.now() - from;
    if (!busy.some((name) => !names || names.includes(name))) {
      return now;
    }
    if (now > timeoutMs) {
      return Infinity;
    }
    await sleep(5);
  }
}
