/*
 * tests/abuse/l3_kills.mjs - SIGKILL again and again under load, and start on the same port.
 * Aim:    nothing of a dead server keeps the next from being ready.
 * Method: each life gets streams of both formats, is killed while they run, and the next is started
 *         at once with the same settings; ready is when /readyz says 200.
 */
import { get } from "../e2e/support/http.mjs";
import { endServer, startServer } from "../e2e/support/server.mjs";
import { waitFor } from "../e2e/support/wait.mjs";
import { Figures, largest, milliseconds, percentile, share } from "./support/figures.mjs";
import { listen } from "./support/listener.mjs";
import { freePort } from "./support/subject.mjs";

async function isReady(port) {
  const { status } = await get(port, "/readyz").catch(() => ({ status: 0 }));
  return status === 200;
}

/* One life: { readyMs, streams that sounded }. */
async function live(settings, streams) {
  const begun = performance.now();
  const server = await startServer({ settings });
  await waitFor(() => isReady(server.port), "a ready server");
  const readyMs = performance.now() - begun;
  let sounding = 0;
  const leaving = new AbortController();
  const listening = Array.from({ length: streams }, (_, i) =>
    listen(server.port, `/scream.${i % 2 ? "ogg" : "wav"}?preset=robot&seed=${i}&duration=60`, {
      rate: 100000,
      begun: () => (sounding += 1),
      leave: leaving.signal,
    }),
  );
  await waitFor(() => sounding === streams, "sound");
  server.kill("SIGKILL");
  await server.exit;
  leaving.abort();
  await Promise.all(listening);
  return readyMs;
}

/** Kills and starts; { readyMs: [...], lastEnd }. */
export async function measure({ kills = 50, streams = 16 } = {}) {
  const settings = { SCREAM_HTTP_PORT: String(await freePort()) };
  const readyMs = [];
  for (let i = 0; i < kills; i += 1) {
    readyMs.push(await live(settings, streams));
  }
  const last = await startServer({ settings });
  const good = (await get(last.port, "/scream.ogg?preset=robot&seed=1")).status === 200;
  await endServer(last);
  return { readyMs, good };
}

export async function figures() {
  const kills = 50;
  const lines = new Figures("L3", `SIGKILL x ${kills} in the middle of 16 streams, same port`);
  const { readyMs, good } = await measure({ kills });
  lines.hard("ready again", share(readyMs.length, kills), "all", readyMs.length === kills);
  lines.hard("the last one serves, and ends with 0", good ? "yes" : "no", "yes", good);
  const worst = largest(readyMs);
  lines.speed("from start to ready, worst", milliseconds(worst), "<= 500 ms", worst <= 500);
  lines.note("from start to ready, median", milliseconds(percentile(readyMs, 0.5)));
  return lines;
}
