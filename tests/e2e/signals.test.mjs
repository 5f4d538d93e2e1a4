/*
 * tests/e2e/signals.test.mjs - storms of signals, a stopped process, and kill -9 again and again.
 * Aim:    SIGHUP and SIGPIPE by the thousand change nothing; a process that was stopped for longer
 *         than any deadline cuts nobody off for it; a drain loses no stream whatever load keeps
 *         coming; a killed server is ready again each time.
 * Method: streams are held on raw sockets and compared with what the terminal renders; readiness is
 *         polled, never timed.
 */
import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { get } from "./support/http.mjs";
import { RawClient } from "./support/raw.mjs";
import { startServer, useServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";
import { waitFor } from "./support/wait.mjs";

const sound = ["--preset", "robot", "--seed", "7", "--duration", "20"];
const query = "preset=robot&seed=7&duration=20";

/** Streams too long for the buffers of the network, opened and begun. */
function begin(port, count, format = "wav") {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = await RawClient.connect(port);
      const head = await client.get(`/scream.${format}?${query}`).head();
      assert.equal(head.status, 200);
      return { client, head, start: await client.chunk() };
    }),
  );
}

/** Reads them to their end and compares every byte. */
async function endWhole(streams, format = "wav") {
  const file = await scream(["generate", "-o", "-", "--format", format, ...sound]);
  assert.equal(file.code, 0, file.stderr);
  const bodies = await Promise.all(
    streams.map(async ({ client, head, start }) =>
      Buffer.concat([start, await client.body(head)]),
    ),
  );
  for (const [i, body] of bodies.entries()) {
    assert.ok(body.equals(file.stdout), `stream ${i} is whole`);
    streams[i].client.close();
  }
}

for (const signal of ["SIGHUP", "SIGPIPE"]) {
  test(`${signal} a thousand times: nothing happens`, async (t) => {
    const server = await useServer(t);
    const streams = await begin(server.port, 10);
    for (let i = 0; i < 1000; i += 1) {
      server.kill(signal);
      if (i % 50 === 0) {
        assert.equal((await server.get("/livez")).status, 200);
      }
    }
    await endWhole(streams);
    assert.equal((await server.get("/readyz")).status, 200);
    assert.equal(server.exited, false);
    const told = server.logs().filter((line) => line.msg === "signal ignored");
    assert.equal(told.length, signal === "SIGHUP" ? 1 : 0, "said once, or not at all");
  });
}

test("SIGHUP neither shortens the drain delay nor ends the drain", async (t) => {
  const server = await useServer(t, {
    settings: { SCREAM_DRAIN_DELAY: "1s", SCREAM_DRAIN_TIMEOUT: "300s" },
  });
  const streams = await begin(server.port, 4);
  server.kill("SIGTERM");
  for (let i = 0; i < 200; i += 1) {
    server.kill("SIGHUP");
    await sleep(10);
  }
  assert.equal(server.exited, false);
  await endWhole(streams);
  const { code, signal } = await waitFor(() => server.exited && server.exit, "the end");
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.equal(server.logs().find((line) => line.msg === "drained").cut_off, 0);
});

test("stopped for six seconds: no head, no stream, no kept connection is lost", async (t) => {
  const server = await useServer(t);
  const streams = await begin(server.port, 10);
  const heads = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const client = await RawClient.connect(server.port);
      client.send("GET /presets HTTP/1.1\r\nHost: loc");
      return client;
    }),
  );
  const kept = await RawClient.connect(server.port);
  await kept.body(await kept.get("/livez").head());
  /* The server has seen them all: the last one connected was answered. */
  server.kill("SIGSTOP");
  await sleep(6000); /* longer than a head may take */
  server.kill("SIGCONT");
  for (const client of heads) {
    client.send("alhost\r\n\r\n");
  }
  for (const client of heads) {
    const head = await client.head();
    assert.equal(head.status, 200);
    assert.ok((await client.body(head)).length > 0);
    client.close();
  }
  assert.equal((await kept.get("/livez").head()).status, 200, "the kept one goes on");
  kept.close();
  await endWhole(streams);
});

test("a hundred streams end whole while new load keeps coming", async (t) => {
  const server = await useServer(t, {
    settings: {
      SCREAM_ADMIN_PORT: "0",
      SCREAM_DRAIN_DELAY: "500ms",
      SCREAM_DRAIN_TIMEOUT: "300s",
    },
  });
  const admin = await server.adminPort();
  const streams = await begin(server.port, 100);
  let load = true;
  const seen = { served: 0, refused: 0, early: 0 };
  const loaders = Array.from({ length: 4 }, async () => {
    while (load) {
      try {
        const answer = await get(server.port, "/scream.ogg?preset=robot&seed=1&duration=1");
        assert.equal(answer.status, 200);
        seen.served += 1;
      } catch (error) {
        /* The door is closed: then whoever asked for readiness was told before. */
        assert.match(error.code, /^(ECONNREFUSED|ECONNRESET)$/, error.message);
        seen.refused += 1;
        const ready = await get(admin, "/readyz").catch(() => null);
        seen.early += ready?.status === 200 ? 1 : 0;
        await sleep(20);
      }
    }
  });
  await waitFor(() => seen.served > 8, "load");
  server.kill("SIGTERM");
  await waitFor(() => seen.refused > 8, "the closed door");
  await endWhole(streams);
  const { code } = await waitFor(() => server.exited && server.exit, "the end");
  load = false;
  await Promise.all(loaders);
  assert.equal(code, 0);
  assert.equal(seen.early, 0, "nobody was refused while it was ready");
  assert.equal(server.logs().find((line) => line.msg === "drained").cut_off, 0);
});

/* A free port below those that the kernel gives to clients: while the server is down, none of ours
 * may sit on it, or be connected with itself. */
async function quietPort() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const probe = net.createServer();
    const free = await new Promise((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => {
      probe.close(resolve);
    });
    if (free) {
      return port;
    }
  }
}

test("killed fifty times under load, it is ready again each time", async (t) => {
  const port = await quietPort();
  const settings = { SCREAM_HTTP_PORT: String(port), SCREAM_ARENA_BYTES: "8MiB" };
  let load = true;
  let served = 0;
  t.after(() => {
    load = false;
  });
  const loaders = Array.from({ length: 8 }, async (_, i) => {
    while (load) {
      const path = `/scream.${i % 2 ? "ogg" : "wav"}?preset=robot&seed=${served % 50}&duration=2`;
      const whole = await get(port, path).then(
        (answer) => answer.status === 200,
        () => false,
      );
      served += whole ? 1 : 0;
      await sleep(whole ? 0 : 10);
    }
  });
  for (let round = 0; round < 50; round += 1) {
    const server = await startServer({ settings });
    try {
      const before = served;
      await waitFor(
        async () => (await server.get("/readyz").catch(() => null))?.status === 200,
        `readiness, round ${round}`,
      );
      await waitFor(() => served > before, `served load, round ${round}`);
    } finally {
      server.kill("SIGKILL");
    }
    await server.exit;
    assert.equal(server.signal, "SIGKILL", `round ${round}: it fell to the signal alone`);
  }
  const last = await useServer(t, { settings });
  assert.equal((await last.get("/readyz")).status, 200);
  load = false;
  await Promise.all(loaders);
});
