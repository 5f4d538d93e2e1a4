/*
 * bench/parts/cached.mjs - screams that lie ready, beside nginx with the same bytes.
 * Why:    a finished scream is a file; whoever serves files is the measure of it, as it comes: that
 *         is where the bounds are. Answers to HEAD and to a conditional GET (304) are nothing but a
 *         head, though, and ours have three times the bytes of nginx'; so for these two there is a
 *         second figure, beside nginx that adds headers of ours until it sends as many.
 * Method: 16 clients in a closed loop on kept connections, the same client at all servers in turn;
 *         CPU time of all their processes per request. GET, HEAD, a conditional GET (304) and a
 *         range of 10,000 bytes.
 * Flow:   our heads -> those of a first nginx -> what a second one adds, the longest lines first
 *         -> its heads are counted -> rounds.
 * Limits: what nginx adds is the same in every answer; we draw an id for each, and take its time.
 * Time:   54 s
 */
import assert from "node:assert/strict";

import { RawClient } from "../../tests/e2e/support/raw.mjs";
import { load } from "../load/client.mjs";
import { NoNginx, withNginx } from "../load/nginx.mjs";
import { clientNote, inTurn } from "../load/runs.mjs";
import { freshSeeds, scream, withServer } from "../load/subject.mjs";
import { figureOf } from "../support/figures.mjs";

export const title = "Cached screams";

const rounds = 5;
const seconds = 1;
const kinds = {
  get: { name: "GET", status: 200, hard: 0.9, moonshot: 0.75 },
  head: { name: "HEAD", status: 200, hard: 1, bare: true },
  304: { name: "304", status: 304, hard: 1, bare: true },
  range: { name: "range of 10,000 bytes", status: 206 },
};
const bareKinds = Object.keys(kinds).filter((kind) => kinds[kind].bare);
const file = "scream.ogg";

/* What each kind asks of a server that gave the file this tag. */
function targetsOf(path, etag) {
  return {
    get: path,
    head: `HEAD ${path}`,
    304: `${path}|If-None-Match: ${etag}`,
    range: `${path}|Range: bytes=0-9999`,
  };
}

async function subjectOf(server, path) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  assert.equal(answer.status, 200);
  const body = Buffer.from(await answer.arrayBuffer());
  return { server, body, targets: targetsOf(path, answer.headers.get("etag")) };
}

/* The head that answers a target, asked for as the load client does: { lines, bytes }. */
async function headOf({ server, targets }, kind) {
  const [, method = "GET", path, header] = /^(?:(\w+) )?([^|]+)(?:\|(.*))?$/.exec(targets[kind]);
  const client = await RawClient.connect(server.port);
  try {
    client.send(
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header ? `${header}\r\n` : ""}\r\n`,
    );
    const first = await client.line();
    assert.equal(first.split(" ")[1], String(kinds[kind].status), targets[kind]);
    const lines = [];
    for (let line = await client.line(); line !== ""; line = await client.line()) {
      lines.push(line);
    }
    const bytes = [first, ...lines, ""].reduce((sum, line) => sum + line.length + 2, 0);
    return { lines, bytes };
  } finally {
    client.close();
  }
}

async function headsOf(subject) {
  const heads = {};
  for (const kind of bareKinds) {
    heads[kind] = await headOf(subject, kind);
  }
  return heads;
}

const headText = ({ lines, bytes }) => `${lines.length} headers in ${bytes} bytes`;

function split(line) {
  const colon = line.indexOf(":");
  return { name: line.slice(0, colon), value: line.slice(colon + 1).trim(), line };
}

/* Headers of ours, the longest first, until nginx sends as many: { name: value }. */
function chosen(ours, plain, own) {
  let room = ours.bytes - plain.bytes;
  let missing = ours.lines.length - plain.lines.length;
  const headers = {};
  const candidates = ours.lines
    .map(split)
    .filter(({ name }) => !own.has(name.toLowerCase()))
    /* What means something within the quotes of its configuration. */
    .filter(({ value }) => !/[$'\\]/.test(value))
    .sort((a, b) => b.line.length - a.line.length);
  for (const { name, value, line } of candidates) {
    if (missing > 0 && line.length + 2 <= room) {
      headers[name] = value;
      room -= line.length + 2;
      missing -= 1;
    }
  }
  return headers;
}

/* What nginx shall add: { kind: { name: value } }. */
function additions(context, files, ours) {
  return withNginx(context, { files }, async (nginx) => {
    const plain = await headsOf(await subjectOf(nginx, `/${file}`));
    const lines = Object.values(plain).flatMap((head) => head.lines);
    const own = new Set(lines.map((line) => split(line).name.toLowerCase()));
    return Object.fromEntries(
      bareKinds.map((kind) => [kind, chosen(ours[kind], plain[kind], own)]),
    );
  });
}

/* Who is measured: { title, ours, plain, equal: { kind: subject }, heads: { kind: text } }. */
async function subjectsOf(nginx, ours, ourHeads) {
  const plain = await subjectOf(nginx, `/${file}`);
  const subjects = { title: nginx.version, ours, plain, equal: {}, heads: {} };
  assert.ok(plain.body.equals(ours.body), "both serve the same bytes");
  for (const kind of bareKinds) {
    subjects.equal[kind] = await subjectOf(nginx, `/${kind}/${file}`);
    const [mine, theirs] = [ourHeads[kind], await headOf(subjects.equal[kind], kind)];
    const text = `ours ${headText(mine)}, nginx ${headText(theirs)}`;
    const isFair = theirs.lines.length === mine.lines.length && theirs.bytes <= mine.bytes;
    assert.ok(isFair, `${kinds[kind].name}: nginx has to send as many headers, no longer: ${text}`);
    subjects.heads[kind] = text;
  }
  return subjects;
}

async function oneRun(context, { server, targets }, kind) {
  const target = targets[kind];
  const run = await load(context, server, { target, connections: 16, keep: true, seconds });
  assert.deepEqual(Object.keys(run.statuses), [String(kinds[kind].status)], target);
  return run;
}

function tasksOf(context, { ours, plain, equal }) {
  const tasks = {};
  for (const kind of Object.keys(kinds)) {
    for (const [who, subject] of Object.entries({ ours, equal: equal?.[kind], plain })) {
      if (subject) {
        tasks[`${who} ${kind}`] = () => oneRun(context, subject, kind);
      }
    }
  }
  return tasks;
}

const bound =
  "most of it are system calls: wait, receive, send, and a question that guards kept connections";

function kindFigures(kind, runs, subjects) {
  const { name, hard, moonshot, bare } = kinds[kind];
  const ours = runs[`ours ${kind}`];
  const times = (of) => of.map(({ cpuUs }) => cpuUs);
  const beside = (who, text = "") => {
    const theirs = runs[`${who} ${kind}`];
    return theirs && { title: `${subjects.title}${text}`, values: times(theirs) };
  };
  const figure = figureOf({
    id: `cached.${kind}.cpu`,
    title: `Cached scream, ${name}: CPU per request`,
    unit: "us",
    values: times(ours),
    reference: beside("plain"),
    target: hard && { line: 4, of: "ratio", bound: "at most", hard, moonshot },
    note: `${bound}; ${clientNote(ours)}`,
  });
  if (!bare || !runs[`equal ${kind}`]) {
    return [figure];
  }
  const equal = figureOf({
    id: `cached.${kind}.equal.cpu`,
    title: `Cached scream, ${name}: CPU per request, as many headers beside`,
    unit: "us",
    values: times(ours),
    reference: beside("equal", ", as many headers"),
    note: subjects.heads[kind],
  });
  return [figure, equal];
}

async function compare(context, subjects) {
  const runs = await inTurn(rounds, tasksOf(context, subjects));
  return Object.keys(kinds).flatMap((kind) => kindFigures(kind, runs, subjects));
}

async function besideNginx(context, ours) {
  const files = { [file]: ours.body };
  const heads = await headsOf(ours);
  const headers = await additions(context, files, heads);
  return withNginx(context, { files, headers }, async (nginx) =>
    compare(context, await subjectsOf(nginx, ours, heads)),
  );
}

export async function run(context) {
  return withServer(context, {}, async (server) => {
    const path = scream(freshSeeds(1));
    await subjectOf(server, path);
    const ours = await subjectOf(server, path);
    try {
      return await besideNginx(context, ours);
    } catch (error) {
      if (!(error instanceof NoNginx)) {
        throw error;
      }
      const figures = await compare(context, { ours });
      return figures.map((made) => (made.target ? { ...made, skip: error.message } : made));
    }
  });
}
