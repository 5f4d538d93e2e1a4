/*
 * tests/e2e/readme.test.mjs - the README's lines, run as they stand.
 * Aim:    who copies a line from the README gets what it promises.
 * Method: every indented curl and scream line goes to bash in an empty folder; only the port and
 *         the path of the program are put in, and ffplay, which needs a loudspeaker, is cat.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { binary, endServer, environment, root, startServer } from "./support/server.mjs";
import { holdTrace, makeFolder, removeFolder, run, tool } from "./support/tools.mjs";

const lines = readFileSync(`${root}README.md`, "utf8")
  .split("\n")
  .filter((line) => /^ {4}(curl|build\/release\/scream) /.test(line))
  .map((line) => line.trim());
let server;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

async function runLine(line, folder) {
  const command = line
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${server.port}`)
    .replaceAll("build/release/scream", `"${binary}"`)
    .replace("ffplay -autoexit -", "cat")
    .replace(/^curl /, "curl --silent --show-error --fail --verbose ");
  const result = await run("bash", ["-o", "pipefail", "-c", command], {
    cwd: folder,
    env: environment({ HOME: folder }),
  });
  assert.equal(result.code, 0, `${line}\n${result.stderr}`);
  assert.equal(holdTrace(result.stderr), line.startsWith("curl") ? 1 : 0);
  return result;
}

test("there are at least five curl lines", () => {
  assert.ok(lines.filter((line) => line.startsWith("curl")).length >= 5);
});

for (const line of lines) {
  test(line, async (t) => {
    const folder = await makeFolder();
    t.after(() => removeFolder(folder));
    const { stdout } = await runLine(line, folder);
    const files = await readdir(folder);
    const saves = / -OJ | -o [^-]/.test(line);
    assert.equal(files.length, saves ? 1 : 0, `files: ${files}`);
    assert.ok(saves || stdout.length > 0);
    for (const name of files) {
      const bytes = await readFile(join(folder, name));
      const magic = bytes.toString("latin1", 0, 4);
      assert.equal(magic, name.endsWith(".wav") ? "RIFF" : "OggS", name);
      if (line.includes(" -r ")) {
        assert.equal(bytes.length, 1024);
      } else {
        const path = join(folder, name);
        await tool("ffmpeg", ["-v", "error", "-xerror", "-i", path, "-f", "null", "-"]);
      }
    }
    if (line.includes(" -OJ ")) {
      assert.match(files[0], /^scream-random-\d+\.ogg$/);
    }
    if (line.includes(" -I ")) {
      assert.match(stdout.toString(), /^content-length: [1-9]/im);
    }
  });
}
