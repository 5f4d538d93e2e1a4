/*
 * tests/e2e/cli_generate.test.mjs - `scream generate`, against the same sound over HTTP.
 * Aim:    a file, a pipe and a URL give the same bytes; formats follow names; a failure leaves no
 *         half file and ends with the code its help promises.
 * Method: the program in a folder of its own; /dev/full and a pipe that closes as broken outputs.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { binary, endServer, environment, startServer } from "./support/server.mjs";
import { makeFolder, removeFolder, run, scream } from "./support/tools.mjs";
import { within } from "./support/wait.mjs";

let server;
let folder;

before(async () => {
  server = await startServer();
});
after(() => endServer(server));

let folders = [];
beforeEach(async () => {
  folder = await makeFolder();
  folders.push(folder);
});
after(() => Promise.all(folders.map(removeFolder)));

const file = (name) => join(folder, name);

async function generate(args, options = {}) {
  return scream(["generate", ...args], { cwd: folder, ...options });
}

async function overHttp(path) {
  const answer = await server.get(path);
  assert.equal(answer.status, 200, answer.body.toString());
  return answer.body;
}

const sound = ["--preset", "banshee", "--seed", "42", "--duration", "1200ms"];
const query = "preset=banshee&seed=42&duration=1.2";

test("file and pipe, Ogg and WAV, are the bytes of the URL", async () => {
  for (const format of ["ogg", "wav"]) {
    const wanted = await overHttp(`/scream.${format}?${query}`);
    const toFile = await generate(["-o", `a.${format}`, ...sound]);
    assert.equal(toFile.code, 0, toFile.stderr);
    assert.equal(toFile.text, "", "standard output is for sound");
    assert.ok((await readFile(file(`a.${format}`))).equals(wanted));
    const toPipe = await generate(["-o", "-", "--format", format, ...sound]);
    assert.equal(toPipe.code, 0, toPipe.stderr);
    assert.ok(toPipe.stdout.equals(wanted));
  }
  assert.deepEqual((await readdir(folder)).sort(), ["a.ogg", "a.wav"], "and nothing beside");
});

test("the format follows the name", async () => {
  for (const [name, magic] of [
    ["a.ogg", "OggS"],
    ["a.opus", "OggS"],
    ["a.OGG", "OggS"],
    ["a.wav", "RIFF"],
    ["a.b.wav", "RIFF"],
    ["noextension", "OggS"],
  ]) {
    const { code, stderr } = await generate(["-o", name, ...sound]);
    assert.equal(code, 0, `${name}: ${stderr}`);
    const bytes = await readFile(file(name));
    assert.equal(bytes.toString("latin1", 0, 4), magic, name);
  }
});

test("it says what it wrote and which URL gives the same; --quiet says nothing", async () => {
  const spoken = await generate(["-o", "a.ogg", ...sound]);
  assert.match(spoken.stderr, /a\.ogg: banshee, seed 42, 1\.?2?/);
  const path = /(\/scream\.ogg\?\S+)/.exec(spoken.stderr)[1];
  assert.ok((await readFile(file("a.ogg"))).equals(await overHttp(path)));
  const quiet = await generate(["-o", "b.ogg", "--quiet", ...sound]);
  assert.equal(quiet.stderr + quiet.text, "");
});

test("every parameter of the URL is a flag", async () => {
  const { parameters } = JSON.parse((await server.get("/parameters")).body);
  const values = { preset: "robot", seed: "7", duration: "0.3", finish: "raw", bitrate: "64000" };
  const pairs = parameters.map(({ name, minimum, maximum }) => [
    name,
    values[name] ?? String(Math.min(maximum ?? 3, Math.max(minimum ?? 3, 1))),
  ]);
  const args = pairs.flatMap(([name, value]) => [`--${name.replaceAll("_", "-")}`, value]);
  const { code, stdout, stderr } = await generate(["-o", "-", "--format=wav", ...args]);
  assert.equal(code, 0, stderr);
  const wanted = await overHttp(`/scream.wav?${new URLSearchParams(pairs)}`);
  assert.ok(stdout.equals(wanted));
  const under = await generate(["-o", "-", "--primary_amp=0.2", "--quiet"]);
  assert.equal(under.code, 0, "underscores are as good as dashes");
});

test("without --preset it is classic, always the same; random is another each time", async () => {
  const one = await generate(["-o", "-", "-q"]);
  const two = await generate(["-o", "-", "-q"]);
  assert.ok(one.stdout.equals(two.stdout));
  assert.ok(one.stdout.equals(await overHttp("/scream.ogg?preset=classic")));
  const three = await generate(["-o", "-", "--preset", "random", "--seed", "random"]);
  const four = await generate(["-o", "-", "--preset", "random", "--seed", "random"]);
  assert.ok(!three.stdout.equals(four.stdout));
  const path = /(\/scream\.ogg\?\S+)/.exec(three.stderr)[1];
  assert.ok(three.stdout.equals(await overHttp(path)), "its URL replays it");
});

test("environment, YAML and flags: the later wins", async () => {
  await writeFile(file("c.yaml"), "preset: robot\nvolume: 0.25\nduration: 300ms\n");
  const bytes = async (args, settings) => {
    const { code, stdout, stderr } = await generate(["-o", "-", ...args], { settings });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const yaml = ["--config", "c.yaml"];
  const base = "/scream.ogg?";
  const cases = [
    [yaml, {}, "preset=robot&volume=0.25&duration=0.3"],
    [yaml, { SCREAM_PRESET: "glitch" }, "preset=glitch&volume=0.25&duration=0.3"],
    [
      [...yaml, "--preset", "whisper", "--volume=1"],
      { SCREAM_PRESET: "glitch", SCREAM_DURATION: "200ms" },
      "preset=whisper&volume=1&duration=0.2",
    ],
    [[], { SCREAM_VOLUME: "0.5", SCREAM_PRESET: "" }, "preset=classic&volume=0.5"],
  ];
  for (const [args, settings, wanted] of cases) {
    assert.ok((await bytes(args, settings)).equals(await overHttp(base + wanted)), wanted);
  }
  const wav = await generate(["-o", "-"], { settings: { SCREAM_FORMAT: "wav" } });
  assert.equal(wav.stdout.toString("latin1", 0, 4), "RIFF");
});

test("wrong usage ends with 64 and a sentence, and touches nothing", async () => {
  const cases = [
    [[], /scream generate -o/],
    [["-o"], /-o|output/],
    [["-o", "x.mp3"], /\.ogg.*\.wav/],
    [["-o", "a.wav", "--format", "ogg"], /other format/],
    [["-o", "a.ogg", "--preset", "banshe"], /banshee/],
    [["-o", "a.ogg", "--duration", "1e309"], /duration/],
    [["-o", "a.ogg", "--duration", "0"], /--duration: .*0\.05 to 60 s/],
    [["-o", "a.ogg", "--duration", "61"], /--duration: .*0\.05 to 60 s/],
    [["-o", "a.ogg", "--primary-base-hz", "50000"], /--primary-base-hz: /],
    [["robot.ogg"], /-o "robot\.ogg"/],
    [["-o", "a.ogg", "--volume", "2"], /volume.*0 to 1/],
    [["-o", "a.ogg", "--channels", "3"], /channels.*1 to 2/],
    [["-o", "a.ogg", "--sede", "3"], /--seed/],
    [["-o", "a.ogg", "--seed"], /seed/],
    [["-o", "a.ogg", "--quiet=yes"], /quiet/],
    [["-o", "a.ogg", "more"], /more/],
    [["-o", "a.ogg", "-z"], /-z/],
  ];
  for (const [args, wanted] of cases) {
    const { code, text, stderr } = await generate(args);
    assert.equal(code, 64, `${args}: ${stderr}`);
    assert.match(stderr, wanted, args.join(" "));
    assert.match(stderr, /^scream: [^\n]+\n$/, "one line that says who speaks");
    assert.equal(text, "");
  }
  assert.deepEqual(await readdir(folder), []);
});

test("a file that cannot be made ends with 73", async () => {
  await mkdir(file("folder.ogg"));
  for (const path of ["missing/a.ogg", "folder.ogg"]) {
    const { code, stderr } = await generate(["-o", path, ...sound]);
    assert.equal(code, 73, `${path}: ${stderr}`);
    assert.match(stderr, /cannot create/);
  }
});

test("a full disk ends with 74, to a file and to a pipe", async () => {
  const direct = await generate(["-o", "/dev/full", ...sound]);
  assert.equal(direct.code, 74);
  assert.match(direct.stderr, /No space left/);
  const script = 'exec "$0" generate -o - --preset robot > /dev/full';
  const piped = await run("bash", ["-c", script, binary], { env: environment() });
  assert.equal(piped.code, 74);
  assert.match(piped.stderr, /No space left/);
});

test("a file that may not grow (ulimit -f) ends with 74 and leaves nothing", async () => {
  const script = 'ulimit -f 8; exec "$0" generate -o a.wav --preset robot';
  const limited = await run("bash", ["-c", script, binary], { env: environment(), cwd: folder });
  assert.equal(limited.code, 74, limited.stderr);
  assert.match(limited.stderr, /^scream: cannot write "a\.wav": File too large\n$/);
  assert.deepEqual(await readdir(folder), []);
});

test("a reader that goes away ends it with 74 and one sentence", async () => {
  const script =
    '"$0" generate -o - --format wav --duration 60 | head -c 1000 | wc -c; echo ${PIPESTATUS[0]}';
  const { text, stderr } = await run("bash", ["-c", script, binary], { env: environment() });
  assert.deepEqual(text.trim().split(/\s+/), ["1000", "74"]);
  assert.match(stderr, /^scream: cannot write "-": Broken pipe\n$/);
});

test("a standard output that is closed is an error, not silence", async () => {
  const script = 'exec "$0" generate -o - --preset robot >&-';
  const { code } = await run("bash", ["-c", script, binary], { env: environment() });
  assert.ok(code === 73 || code === 74, `exit ${code}`);
});

test("a terminal gets no sound", async () => {
  const { code, text } = await run(
    "script",
    ["-qec", `${binary} generate -o -`, "/dev/null"],
    { env: environment({ TERM: "dumb" }) },
  );
  assert.equal(code, 64, text);
  assert.match(text, /not for a terminal/);
});

test("an interrupted run leaves the old file and nothing beside it", async () => {
  await writeFile(file("a.wav"), "old");
  const args = ["generate", "-o", "a.wav", "--duration", "300", "--max-duration", "300"];
  const child = spawn(binary, args, { env: environment(), cwd: folder, stdio: "ignore" });
  const ended = once(child, "close");
  for (let names = []; names.length < 2; ) {
    names = await readdir(folder);
  }
  child.kill("SIGTERM");
  const [, signal] = await within(ended, "the end");
  assert.equal(signal, "SIGTERM");
  assert.equal(await readFile(file("a.wav"), "utf8"), "old");
  assert.deepEqual(await readdir(folder), ["a.wav"]);
});

test("a file is replaced whole, keeps its rights, and links stay links", async () => {
  await writeFile(file("real.ogg"), "old");
  await chmod(file("real.ogg"), 0o640);
  await symlink("real.ogg", file("link.ogg"));
  const { code, stderr } = await generate(["-o", "link.ogg", ...sound]);
  assert.equal(code, 0, stderr);
  const { lstat, stat } = await import("node:fs/promises");
  assert.ok((await lstat(file("link.ogg"))).isSymbolicLink());
  assert.equal((await stat(file("real.ogg"))).mode & 0o777, 0o640);
  assert.ok((await readFile(file("real.ogg"))).equals(await overHttp(`/scream.ogg?${query}`)));
});

test("a long one on a terminal shows its progress; elsewhere it does not", async () => {
  const args = `generate -o ${file("a.ogg")} --duration 300 --max-duration 300`;
  const seen = await run("script", ["-qec", `${binary} ${args}`, "/dev/null"], {
    env: environment({ TERM: "xterm" }),
  });
  assert.equal(seen.code, 0, seen.text);
  assert.match(seen.text, /\r/, "a line that is drawn again");
  const piped = await generate(["-o", "b.ogg", "--duration", "300", "--max-duration", "300"]);
  assert.equal(piped.code, 0);
  assert.doesNotMatch(piped.stderr, /\r|\x1b/); // eslint-disable-line no-control-regex
});
