/*
 * tests/e2e/ogg_stream.test.mjs - the first and the second answer to one seeded address.
 * Aim:    a new scream leaves page by page while it is rendered; a finished one has a length; both
 *         are the same bytes, laid out as RFC 3533 and 7845 demand.
 * Method: a raw socket looks at single chunks; a second Ogg reader takes the file apart.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { readOpusHead, readOpusTags, readPage, readPages } from "./support/ogg.mjs";
import { RawClient } from "./support/raw.mjs";
import { samplesOf } from "./support/samples.mjs";
import { endServer, startServer, useServer } from "./support/server.mjs";
import { scream } from "./support/tools.mjs";

const preSkip = 120;
const blockSamples = 960;
let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

/* Asks for an address and returns its chunks, each as it came. */
async function chunksOf(path) {
  const client = await RawClient.connect(server.port);
  try {
    const head = await client.get(path).head();
    assert.equal(head.status, 200);
    assert.equal(head.headers["transfer-encoding"], "chunked");
    assert.equal(head.headers["content-length"], undefined);
    const chunks = [];
    for (let chunk = await client.chunk(); chunk !== null; chunk = await client.chunk()) {
      chunks.push(chunk);
    }
    return { head, chunks, body: Buffer.concat(chunks) };
  } finally {
    client.close();
  }
}

/* Pages that lie whole in a buffer. */
function pagesIn(bytes) {
  const pages = [];
  for (let page = readPage(bytes, 0); page; page = readPage(bytes, page.at + page.bytes)) {
    pages.push(page);
  }
  return pages;
}

test("the first page leaves before the second is rendered", async () => {
  const { chunks } = await chunksOf("/scream.ogg?preset=classic&seed=5");
  /* Up to the chunk that brings the first sound, there is one page of one packet and no more. */
  let sent = Buffer.alloc(0);
  let pages = [];
  for (const chunk of chunks) {
    sent = Buffer.concat([sent, chunk]);
    pages = pagesIn(sent);
    if (pages.length > 2) {
      break;
    }
  }
  assert.equal(pages.length, 3, "two header pages and one of sound");
  assert.equal(pages[2].packets.length, 1, "which holds one packet");
  assert.equal(pages[2].granule, BigInt(blockSamples));
  assert.equal(sent.length, pages[2].at + pages[2].bytes, "and nothing behind it");
  assert.ok(chunks.length > 2, "later pages come in chunks of their own");
});

test("the second time it has a length, and the bytes are the same", async () => {
  const path = "/scream.ogg?preset=classic&seed=6";
  const first = await chunksOf(path);
  const second = await server.get(path);
  assert.equal(second.status, 200);
  assert.equal(second.chunked, false);
  assert.equal(second.headers["content-length"], String(first.body.length));
  assert.deepEqual(second.body, first.body);
  assert.equal(second.headers.etag, first.head.headers.etag);
  assert.match(first.head.headers["server-timing"], /desc=miss/);
  assert.match(second.headers["server-timing"], /desc=hit/);
  const metrics = await server.metrics();
  assert.ok(metrics.sum("scream_cache_hits_total") >= 1);
});

test("HTTP/1.0 gets the same bytes unchunked, and the connection closes", async () => {
  const client = await RawClient.connect(server.port);
  client.send("GET /scream.ogg?preset=robot&seed=10 HTTP/1.0\r\n\r\n");
  const head = await client.head();
  assert.equal(head.status, 200);
  assert.equal(head.headers["transfer-encoding"], undefined);
  const body = await client.rest();
  client.close();
  const again = await server.get("/scream.ogg?preset=robot&seed=10");
  assert.deepEqual(body, again.body);
});

test("the headers tell what it is", async () => {
  const { headers } = await server.get("/scream.ogg?preset=banshee&seed=42");
  assert.equal(headers["content-type"], "audio/ogg; codecs=opus");
  assert.equal(headers["accept-ranges"], "bytes");
  assert.equal(headers["x-scream-seed"], "42");
  assert.equal(headers["x-scream-engine"], "2");
  assert.equal(headers["content-disposition"], 'inline; filename="scream-banshee-42.ogg"');
  assert.equal(headers["cache-control"], "public, max-age=86400");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["cross-origin-resource-policy"], "cross-origin");
  assert.match(headers.etag, /^"[^"]+"$/);
});

test("download makes an attachment of the very same sound", async () => {
  const shown = await server.get("/scream.ogg?preset=banshee&seed=43");
  const stored = await server.get("/scream.ogg?preset=banshee&seed=43&download");
  assert.equal(
    stored.headers["content-disposition"],
    'attachment; filename="scream-banshee-43.ogg"',
  );
  assert.equal(stored.headers.etag, shown.headers.etag);
  assert.deepEqual(stored.body, shown.body);
});

test("an address that names the engine is immutable and the same sound", async () => {
  const plain = await server.get("/scream.ogg?preset=glitch&seed=1");
  const named = await server.get("/scream.ogg?preset=glitch&seed=1&engine=2");
  assert.equal(named.headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal(named.headers.etag, plain.headers.etag);
  assert.deepEqual(named.body, plain.body);
});

test("a preset without a seed is seed 0", async () => {
  const without = await server.get("/scream.ogg?preset=glitch");
  const zero = await server.get("/scream.ogg?preset=glitch&seed=0");
  assert.equal(without.headers["x-scream-seed"], "0");
  assert.deepEqual(without.body, zero.body);
});

test("seeds may be words, negative and as large as 64 bits", async () => {
  const seedOf = async (seed) =>
    (await server.get(`/scream.ogg?preset=robot&duration=0.05&seed=${seed}`)).headers[
      "x-scream-seed"
    ];
  assert.equal(await seedOf("18446744073709551615"), "18446744073709551615");
  assert.equal(await seedOf("-1"), "18446744073709551615");
  assert.equal(await seedOf("-9223372036854775808"), "9223372036854775808");
  const word = await seedOf("Munch%20%F0%9F%98%B1");
  assert.match(word, /^[0-9]+$/);
  assert.equal(await seedOf("Munch+%F0%9F%98%B1"), word, "+ is a blank");
});

test("every page is right: sums, order, granules, one stream, one end", async () => {
  for (const channels of [1, 2]) {
    const path = `/scream.ogg?preset=death-metal&seed=7&duration=2.345&channels=${channels}`;
    const { body } = await server.get(path);
    const pages = readPages(body);
    const total = BigInt(samplesOf("2.345"));
    for (const [i, page] of pages.entries()) {
      assert.ok(page.checksumRight, `checksum of page ${i}`);
      assert.ok(page.whole && !page.continued, `packets of page ${i} are whole`);
      assert.equal(page.version, 0);
      assert.equal(page.sequence, i);
      assert.equal(page.serial, pages[0].serial);
      assert.equal(page.first, i === 0);
      assert.equal(page.last, i === pages.length - 1);
    }
    assert.equal(pages[0].granule, 0n);
    assert.equal(pages[1].granule, 0n);
    const counts = pages.slice(2).map((page) => page.packets.length);
    assert.deepEqual(counts.slice(0, 4), [1, 2, 4, 8]);
    assert.ok(counts.slice(4, -1).every((count) => count === 8));
    let samples = 0n;
    for (const page of pages.slice(2)) {
      samples += BigInt(page.packets.length * blockSamples);
      assert.equal(page.granule, page.last ? total + BigInt(preSkip) : samples);
    }
    assert.ok(samples >= total + BigInt(preSkip), "what is trimmed was there");
    assert.ok(samples - total - BigInt(preSkip) < BigInt(blockSamples));
    const sizes = new Set(pages.slice(2).flatMap((page) => page.packets.map((p) => p.length)));
    assert.deepEqual([...sizes], [96000 / 400], "hard constant bit rate");
  }
});

test("the Opus headers say what RFC 7845 wants", async () => {
  const { body, headers } = await server.get("/scream.ogg?preset=whisper&seed=12&channels=1");
  const pages = readPages(body);
  const head = readOpusHead(pages[0].packets[0]);
  assert.deepEqual(head, {
    magic: "OpusHead",
    version: 1,
    channels: 1,
    preSkip,
    rate: 48000,
    gain: 0,
    family: 0,
    bytes: 19,
  });
  assert.equal(pages[0].packets.length, 1);
  const tags = readOpusTags(pages[1].packets[0]);
  assert.equal(tags.magic, "OpusTags");
  assert.equal(tags.vendor, "scream");
  const text = JSON.stringify(tags.comments).toLowerCase();
  assert.ok(text.includes("whisper") && text.includes("12"), text);
  assert.equal(headers["x-scream-seed"], "12");
});

test("stereo is told in the header while equal channels are coded once", async () => {
  const [mono, stereo] = await Promise.all(
    [1, 2].map((channels) => server.get(`/scream.ogg?preset=robot&seed=3&channels=${channels}`)),
  );
  const packets = (answer) => readPages(answer.body).slice(2).flatMap((page) => page.packets);
  assert.equal(readOpusHead(readPages(stereo.body)[0].packets[0]).channels, 2);
  for (const packet of [...packets(mono), ...packets(stereo)]) {
    assert.equal(packet[0] & 4, 0, "the packet itself is mono");
  }
});

test("two servers and the terminal give the same bytes", async (t) => {
  const other = await useServer(t);
  const path = "/scream.ogg?preset=death-metal&seed=99&duration=1500ms";
  const [one, two] = await Promise.all([server.get(path), other.get(path)]);
  assert.equal(one.headers.etag, two.headers.etag);
  assert.deepEqual(one.body, two.body);
  const args = ["--preset", "death-metal", "--seed", "99", "--duration", "1500ms"];
  const file = await scream(["generate", "-o", "-", "--format", "ogg", ...args]);
  assert.equal(file.code, 0, file.stderr);
  assert.deepEqual(file.stdout, one.body);
});
