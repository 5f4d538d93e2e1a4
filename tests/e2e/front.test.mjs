/*
 * tests/e2e/front.test.mjs - the promises against hostile clients, in small.
 * Aim:    slow, silent, half-dead, greedy and garbling clients lose their places; whoever means
 *         well is served meanwhile; nothing is left behind.
 * Method: the attacks of tests/abuse with fewer connections. Order and counts are asserted; times
 *         only by time-outs of ten times what is promised. ./dev abuse measures the real figures.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { measure as slowloris } from "../abuse/a1_slowloris.mjs";
import { measure as halfDead } from "../abuse/a2_half_dead.mjs";
import { measure as slowReaders } from "../abuse/a3_slow_readers.mjs";
import { measure as aborts } from "../abuse/a4_aborts.mjs";
import { measure as descriptors } from "../abuse/a5_descriptors.mjs";
import { measure as overload } from "../abuse/a6_overload.mjs";
import { measure as flood } from "../abuse/a7_flood.mjs";

const isSoon = (ms, promisedMs) => ms <= 10 * promisedMs;

function assertAllAnswered({ asked, answered, others }) {
  assert.ok(asked > 0);
  assert.equal(answered, asked, `ordinary requests: ${others}`);
}

/* Most of their time is waiting: two at a time do not disturb each other. */
describe("the front holds", { concurrency: 2 }, () => {
  test("slowloris: whoever never finishes a head is cut off, whoever asks is served", async () => {
    const read = await slowloris({ connections: 70, kept: 3, patienceMs: 60000 });
    assert.equal(read.lives.length, 70);
    for (const { temper, lifeMs, answer } of read.attackers) {
      assert.ok(lifeMs >= 0 && isSoon(lifeMs, 5500), `${temper}: ${lifeMs} ms`);
      const wanted = { "second request": "200", silent: null, headers: null, "request line": null };
      assert.equal(answer, temper in wanted ? wanted[temper] : "400", temper);
    }
    /* 70 of seven tempers, of which three are answered at once because they announce a body. */
    assert.match(read.cut, /head 40\b/);
    assert.match(read.cut, /idle 3\b/);
    assert.ok(read.idleMs.every((ms) => isSoon(ms, 10500)));
    assert.equal(read.refused, 0);
    assertAllAnswered(read.others);
    assert.ok(Number.isFinite(read.backMs), "all places came back");
  });

  test("zero-window and crawling readers are cut off, a listener in time is not", async () => {
    const read = await slowReaders({ readers: 16, listenMs: 0 });
    assert.ok(isSoon(read.cutMs, 15000) && isSoon(read.freeMs, 15500), `${read.cutMs} ms`);
    assert.match(read.cut, /^slow 16$/);
    assert.ok(read.worst <= 262144, `${read.worst} bytes of kernel memory for one`);
    assert.ok(Number.isFinite(read.forgetMs), "the kernel forgets them");
    assert.deepEqual(read.heard.map(({ name, whole }) => [name, whole]), [["WAV", true]]);
    assert.deepEqual(read.busy, []);
  });

  test("half-dead connections give their descriptors back", async () => {
    const read = await halfDead({ connections: 600, workers: 2, timeoutMs: 10000 });
    assert.equal(read.connected, 600);
    assert.ok(isSoon(read.filesMs, 1000), `descriptors after ${read.filesMs} ms`);
    assert.ok(isSoon(read.restMs, 1000), `places after ${read.restMs} ms`);
    assertAllAnswered(read.others);
  });

  test("aborts in the middle of streams give their places back", async () => {
    const { done, leaked, files } = await aborts({ streams: 40, rounds: 1 });
    assert.deepEqual(done.map(({ way }) => way), ["close", "reset", "half-close"]);
    for (const { way, busy, freeMs, rendersMs } of done) {
      assert.ok(busy.includes("pcm") && busy.includes("readers"), `${way}: streams ran: ${busy}`);
      assert.ok(isSoon(freeMs, 250), `${way}: places after ${freeMs} ms`);
      assert.ok(isSoon(rendersMs, 2250), `${way}: render states after ${rendersMs} ms`);
    }
    assert.deepEqual(leaked, []);
    assert.ok(files <= 0, `${files} descriptors are left`);
  });

  test("without descriptors it waits quietly, and serves again; too few are refused", async () => {
    const all = await descriptors({ clients: 120, spare: 10, starveMs: 2000 });
    const { left, lifted, refused } = all;
    for (const read of [left, lifted]) {
      assert.ok(read.outcomes.filter((outcome) => outcome === "200").length <= 10);
      assert.ok(read.outcomes.every((outcome) => /^(200|503|waiting)$/.test(outcome)));
      assert.ok(read.perSecond <= 10, `${read.perSecond} lines in a second: ${read.words}`);
      assert.ok(read.processorShare <= 50, `${read.processorShare} % of a processor`);
      assert.equal(read.answers, read.asked, "who was in is served");
      assert.ok(isSoon(read.backMs, 1000), `served after ${read.backMs} ms`);
    }
    const words = [...left.words, ...lifted.words];
    assert.ok(words.includes("cannot accept"), `it says that it is starved: ${words}`);
    assert.ok(words.includes("connections refused"), `and whom it turned away: ${words}`);
    assert.equal(refused.code, 78);
    assert.match(refused.stderr, /256 connections need \d+ open files, but the hard limit is 128/);
    assert.match(refused.stderr, /ulimit -n/);
  });

  test("overload: 200 and whole, or 429 or 503 with Retry-After; /livez answers", async () => {
    const { apart, kept } = await overload({ places: 32, clients: 320, workers: 1, lastMs: 4000 });
    for (const read of [apart, kept]) {
      assert.deepEqual(
        Object.keys(read.verdicts).filter((verdict) => !/^(200|429|503)$/.test(verdict)),
        [],
        JSON.stringify(read.verdicts),
      );
      assert.ok(read.verdicts["200"] > 0 && read.noPlace > 0 && read.arenaFull > 0);
      assert.equal(read.untold, 0, "refusals without Retry-After");
      assertAllAnswered(read.livez);
      assert.ok(Number.isFinite(read.backMs), "all places came back");
      assert.ok(read.resident <= read.printed, `${read.resident} of ${read.printed} bytes`);
    }
    assert.ok(apart.verdicts["429"] > 0 && apart.limited === apart.verdicts["429"]);
  });

  test("pipelines and garbage: one request at most runs, memory and log stay", async (t) => {
    const read = await flood({ connections: 6000, warmUp: 2000, workers: 1, lastMs: 60000 });
    t.diagnostic(`SCREAM_TEST_SEED=${read.seed}`);
    const total = Object.values(read.outcomes).reduce((sum, count) => sum + count, 0);
    assert.equal(total, 6000);
    assert.deepEqual(Object.keys(read.outcomes).filter((name) => /^(E|not)/.test(name)), []);
    assert.ok(read.outcomes.answered > 0 && read.firsts > 0);
    assert.equal(read.seconds, 0, "requests behind the first that were carried out");
    assert.ok(read.grown <= 4 << 20, `resident memory grew by ${read.grown} bytes`);
    assert.ok(read.log <= 102400, `the log grew by ${read.log} bytes`);
    assertAllAnswered(read.others);
    assert.ok(Number.isFinite(read.backMs), "all places came back");
  });
});
