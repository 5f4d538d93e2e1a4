/*
 * tests/e2e/conditional.test.mjs - what is answered without rendering, and addresses that last.
 * Aim:    HEAD, 304, 412 and 416 render nothing; If-Range keeps parts of one version together; the
 *         Content-Location of a fresh scream is that scream for ever.
 * Method: requests over HTTP; the metrics of rendering must not move.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { head, problemOf } from "./support/http.mjs";
import { renderedOf } from "./support/metrics.mjs";
import { endServer, startServer } from "./support/server.mjs";

let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

/* Runs act and proves that nothing was rendered or admitted meanwhile. */
async function rendersNothing(act) {
  const idle = await server.metricsWhen(
    (read) => read.sum("scream_pcm_streams_used") === 0 && read.sum("scream_arena_readers") === 0,
    "the end of earlier answers, which count when they are put away",
  );
  const before = renderedOf(idle);
  await act();
  assert.deepEqual(renderedOf(await server.metrics()), before);
}

const paths = [
  "/scream.ogg?preset=classic&seed=501&duration=60&bitrate=256000",
  "/scream.wav?preset=classic&seed=501&duration=60",
  "/scream.ogg?seed=502",
  "/scream.ogg",
  "/scream.wav",
  "/scream?preset=robot&seed=503",
];

test("HEAD never renders and promises the exact length", async () => {
  const promised = [];
  await rendersNothing(async () => {
    for (const path of paths) {
      const answer = await head(server.port, path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.body.length, 0);
      assert.match(answer.headers["content-length"], /^[1-9][0-9]*$/, path);
      promised.push(answer);
    }
  });
  for (const [i, path] of paths.entries()) {
    if (!/seed/.test(path)) {
      continue;
    }
    const got = await server.get(path);
    assert.equal(Number(promised[i].headers["content-length"]), got.body.length, path);
    for (const name of ["etag", "content-type", "cache-control", "content-disposition"]) {
      assert.equal(promised[i].headers[name], got.headers[name], `${name} of ${path}`);
    }
  }
});

test("HEAD ignores Range, also one that cannot be satisfied", async () => {
  await rendersNothing(async () => {
    for (const range of ["bytes=0-9", "bytes=999999999-"]) {
      const answer = await head(server.port, paths[0], { headers: { Range: range } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-range"], undefined);
    }
  });
});

test("If-None-Match gives 304 without rendering", async () => {
  for (const format of ["ogg", "wav"]) {
    const path = `/scream.${format}?preset=banshee&seed=601`;
    const { etag } = (await head(server.port, path)).headers;
    await rendersNothing(async () => {
      for (const list of [etag, `W/${etag}`, `"x", ${etag}`, `"a",W/"b" , ${etag}`, "*"]) {
        const answer = await server.get(path, { headers: { "If-None-Match": list } });
        assert.equal(answer.status, 304, list);
        assert.equal(answer.body.length, 0);
        assert.equal(answer.headers.etag, etag);
        assert.match(answer.headers["cache-control"], /max-age/);
        assert.notEqual(answer.headers["content-length"], "0");
      }
    });
    const other = await server.get(path, { headers: { "If-None-Match": '"another"' } });
    assert.equal(other.status, 200);
  }
});

test("the ETag is of the sound and the format, not of the spelling", async () => {
  const tagOf = async (path) => (await head(server.port, path)).headers.etag;
  const tag = await tagOf("/scream.ogg?preset=classic&seed=1&duration=3s");
  assert.equal(await tagOf("/scream.ogg?duration=3000ms&seed=1&preset=classic"), tag);
  assert.equal(await tagOf("/scream.ogg?preset=classic&seed=1"), tag, "the preset's own values");
  assert.equal(await tagOf("/scream.ogg?preset=classic&seed=1&download=1"), tag);
  assert.equal(await tagOf("/scream.ogg?preset=classic&seed=1&volume=1.000"), tag);
  const others = [
    "/scream.wav?preset=classic&seed=1",
    "/scream.ogg?preset=classic&seed=2",
    "/scream.ogg?preset=classic&seed=1&channels=1",
    "/scream.ogg?preset=classic&seed=1&bitrate=96400",
    "/scream.ogg?preset=classic&seed=1&finish=raw",
    "/scream.ogg?preset=classic&seed=1&duration=2.99",
  ];
  const tags = await Promise.all(others.map(tagOf));
  assert.equal(new Set([tag, ...tags]).size, others.length + 1);
});

test("If-Match: the right version goes on, another fails without rendering", async () => {
  const path = "/scream.ogg?preset=banshee&seed=602";
  const { etag } = (await head(server.port, path)).headers;
  await rendersNothing(async () => {
    for (const list of ['"another"', `W/${etag}`]) {
      const answer = await server.get(path, { headers: { "If-Match": list } });
      assert.equal(answer.status, 412, list);
      assert.equal(problemOf(answer).type, "/problems/precondition-failed");
    }
  });
  for (const list of [etag, "*", `"b", ${etag}`]) {
    const answer = await server.get(path, { headers: { "If-Match": list } });
    assert.equal(answer.status, 200, list);
  }
});

test("If-Range: equal strong tags give the part, all else the whole", async () => {
  for (const path of ["/scream.ogg?preset=robot&seed=603", "/scream.wav?preset=robot&seed=603"]) {
    const { headers, body } = await server.get(path);
    const ask = (condition) =>
      server.get(path, { headers: { Range: "bytes=5-14", "If-Range": condition } });
    const part = await ask(headers.etag);
    assert.equal(part.status, 206);
    assert.deepEqual(part.body, body.subarray(5, 15));
    const date = "Sat, 29 Oct 2026 19:43:31 GMT";
    for (const condition of ['"another"', `W/${headers.etag}`, date, "", "*"]) {
      const whole = await ask(condition);
      assert.equal(whole.status, 200, condition);
      assert.deepEqual(whole.body, body);
    }
  }
});

test("If-None-Match is judged before Range", async () => {
  const path = "/scream.ogg?preset=robot&seed=604";
  const { etag } = (await head(server.port, path)).headers;
  const answer = await server.get(path, {
    headers: { "If-None-Match": etag, Range: "bytes=0-9" },
  });
  assert.equal(answer.status, 304);
});

test("416 renders nothing", async () => {
  await rendersNothing(async () => {
    const answer = await server.get("/scream.ogg?preset=robot&seed=605", {
      headers: { Range: "bytes=99999999-" },
    });
    assert.equal(answer.status, 416);
  });
});

for (const format of ["ogg", "wav"]) {
  test(`a fresh random ${format} is not stored, and its Content-Location replays it`, async () => {
    for (const query of ["", "?duration=0.5&volume=0.7", "?seed=random&preset=glitch&channels=1"]) {
      const fresh = await server.get(`/scream.${format}${query}`);
      assert.equal(fresh.status, 200);
      assert.equal(fresh.headers["cache-control"], "no-store");
      assert.equal(fresh.headers["accept-ranges"], "none");
      assert.equal(fresh.headers.etag, undefined);
      const address = fresh.headers["content-location"];
      assert.ok(address.startsWith(`/scream.${format}?`), address);
      assert.ok(address.includes(`seed=${fresh.headers["x-scream-seed"]}`), address);
      assert.ok(address.includes("engine=2"), "a link we hand out names the engine");
      const again = await server.get(address);
      assert.equal(again.status, 200);
      assert.ok(again.body.equals(fresh.body), `${address} is another sound`);
      assert.equal(again.headers["cache-control"], "public, max-age=31536000, immutable");
      assert.match(again.headers.etag, /^"/);
      const part = await server.get(address, { headers: { Range: "bytes=100-199" } });
      assert.equal(part.status, 206);
      assert.ok(part.body.equals(fresh.body.subarray(100, 200)));
    }
  });

  test(`a fresh random ${format} ignores Range and If-None-Match`, async () => {
    const answer = await server.get(`/scream.${format}?duration=0.2`, {
      headers: { Range: "bytes=0-9", "If-None-Match": "*", "If-Match": '"x"' },
    });
    assert.equal(answer.status, 200);
    assert.ok(answer.body.length > 1000);
  });
}

test("two fresh screams are two sounds", async () => {
  const [one, two] = await Promise.all([server.get("/scream.ogg"), server.get("/scream.ogg")]);
  assert.notEqual(one.headers["x-scream-seed"], two.headers["x-scream-seed"]);
  assert.ok(!one.body.equals(two.body));
});
