/*
 * bench/parts/cached.mjs - screams that lie ready, beside nginx with the same bytes.
 * Why:    a finished scream is a file; whoever serves files is the measure of it.
 * Method: 16 clients in a closed loop on kept connections, the same client at both servers in turn;
 *         CPU time of all their processes per request. GET, HEAD, a conditional GET (304) and a
 *         range of 10,000 bytes.
 * Time:   42 s
 */
import assert from "node:assert/strict";

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
  head: { name: "HEAD", status: 200, hard: 1 },
  304: { name: "304", status: 304, hard: 1 },
  range: { name: "range of 10,000 bytes", status: 206 },
};

/* What each kind asks of a server that gave the file this tag. */
function targetsOf(path, etag) {
  return {
    get: path,
    head: `HEAD ${path}`,
    304: `${path}|If-None-Match: ${etag}`,
    range: `${path}|Range: bytes=0-9999`,
  };
}

async function fileOf(server, path) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  assert.equal(answer.status, 200);
  return { etag: answer.headers.get("etag"), body: Buffer.from(await answer.arrayBuffer()) };
}

async function oneRun(context, server, kind, target) {
  const run = await load(context, server, { target, connections: 16, keep: true, seconds });
  assert.deepEqual(Object.keys(run.statuses), [String(kinds[kind].status)], target);
  return run;
}

const bound =
  "three system calls a request (wait, receive, send) and libmicrohttpd's heap blocks for the " +
  "headers bound it";

function kindFigure(kind, ours, theirs, version) {
  const { name, hard, moonshot } = kinds[kind];
  return figureOf({
    id: `cached.${kind}.cpu`,
    title: `Cached scream, ${name}: CPU per request`,
    unit: "us",
    values: ours.map(({ cpuUs }) => cpuUs),
    reference: theirs && { title: version, values: theirs.map(({ cpuUs }) => cpuUs) },
    target: hard && { line: 4, of: "ratio", bound: "at most", hard, moonshot },
    note: `${bound}; ${clientNote(ours)}`,
  });
}

async function compare(context, server, nginx, path) {
  const mine = await fileOf(server, path);
  const theirs = nginx && (await fileOf(nginx, "/scream.ogg"));
  assert.ok(!theirs || theirs.body.equals(mine.body), "both serve the same bytes");
  const ours = targetsOf(path, mine.etag);
  const other = theirs && targetsOf("/scream.ogg", theirs.etag);
  const tasks = {};
  for (const kind of Object.keys(kinds)) {
    tasks[`ours ${kind}`] = () => oneRun(context, server, kind, ours[kind]);
    if (nginx) {
      tasks[`theirs ${kind}`] = () => oneRun(context, nginx, kind, other[kind]);
    }
  }
  const runs = await inTurn(rounds, tasks);
  return Object.keys(kinds).map((kind) =>
    kindFigure(kind, runs[`ours ${kind}`], runs[`theirs ${kind}`], nginx?.version),
  );
}

export async function run(context) {
  return withServer(context, {}, async (server) => {
    const path = scream(freshSeeds(1));
    const { body } = await fileOf(server, path);
    try {
      return await withNginx(context, { "scream.ogg": body }, (nginx) =>
        compare(context, server, nginx, path),
      );
    } catch (error) {
      if (!(error instanceof NoNginx)) {
        throw error;
      }
      const figures = await compare(context, server, null, path);
      return figures.map((made) => (made.target ? { ...made, skip: error.message } : made));
    }
  });
}
