/*
 * tests/e2e/cli_help.test.mjs - what the program says of itself.
 * Aim:    a stranger finds every command, flag and value; scripts find JSON, exit codes and
 *         completions that their shells can read.
 * Method: each text is read as its reader would: lines, columns, JSON, bash -n.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { binary, environment, root, useServer } from "./support/server.mjs";
import { makeFolder, removeFolder, run, scream } from "./support/tools.mjs";

const commands = [
  ...["serve", "generate", "presets", "config", "healthcheck", "version", "completion", "help"],
];

/* Text as people need it: whole lines, no overlong ones, no escapes in a pipe. */
function assertReadable(text, what) {
  assert.ok(text.endsWith("\n"), what);
  for (const line of text.split("\n")) {
    assert.ok(line.length <= 100, `${what}: ${line}`);
    assert.ok(!line.endsWith(" "), `${what}: blanks at the end of ${line}`);
    assert.doesNotMatch(line, /[\x00-\x08\x0b-\x1f\x7f]/, what); // eslint-disable-line
  }
}

test("help: every command in three ways, the same text, on standard output, exit 0", async () => {
  for (const command of commands) {
    const texts = [];
    for (const args of [
      [command, "--help"],
      [command, "-h"],
      ["help", command],
    ]) {
      const { code, text, stderr } = await scream(args);
      assert.equal(code, 0, stderr);
      assert.equal(stderr, "");
      texts.push(text);
    }
    assert.equal(new Set(texts).size, 1, command);
    assertReadable(texts[0], command);
    assert.match(texts[0], /^Usage:\n {2}scream /m, command);
    assert.match(texts[0], /^Examples:\n {2}\S/m, command);
    assert.match(texts[0], /--config FILE/, command);
  }
  const program = await scream(["--help"]);
  assert.equal(program.code, 0);
  assertReadable(program.text, "help");
  for (const command of commands) {
    assert.match(program.text, new RegExp(`^  ${command} +[A-Z].*\\.$`, "m"), command);
  }
  assert.match(program.text, /Exit codes:/);
  assert.equal((await scream(["help"])).text, program.text);
  assert.equal((await scream(["-h"])).text, program.text);
});

test("help names every parameter, every preset and every setting with its variable", async (t) => {
  const server = await useServer(t);
  const { text } = await scream(["help", "generate"]);
  const { parameters } = JSON.parse((await server.get("/parameters")).body);
  for (const { name } of parameters) {
    assert.ok(text.includes(`--${name.replaceAll("_", "-")} `), name);
  }
  const { presets } = JSON.parse((await server.get("/presets")).body);
  for (const { name } of presets) {
    assert.ok(text.includes(name), name);
  }
  const serve = (await scream(["help", "serve"])).text;
  const table = readFileSync(`${root}server/config_table.h`, "utf8");
  for (const [, variable, , flag, where] of table.matchAll(
    /^X\(\w+, "(\w*)", "(\w+)", "([\w-]*)",[\s\S]*?(SCR_IN_[A-Z_| ]+|0),\s*"[^"]*"\)$/gm,
  )) {
    if (flag && /SERVE|ALL/.test(where)) {
      assert.ok(serve.includes(`--${flag}`), flag);
      assert.ok(serve.includes(variable), variable);
    }
  }
});

test("no command, a wrong one, a wrong flag: 64, and where to look", async () => {
  const nothing = await scream([]);
  assert.equal(nothing.text + nothing.stderr === "", false);
  for (const [args, wanted] of [
    [["sreve"], /serve/],
    [["generat"], /generate/],
    [["help", "generat"], /generate/],
    [["xyzzy"], /scream help/],
    [["--nonsense"], /nonsense/],
    [["serve", "--seed", "1"], /generate/],
    [["presets", "extra"], /extra/],
    [["completion"], /bash/],
    [["completion", "tcsh"], /zsh/],
    [["serve", "--http-prot", "1"], /--http-port/],
  ]) {
    const { code, text, stderr } = await scream(args);
    assert.equal(code, 64, args.join(" "));
    assert.match(stderr, wanted, args.join(" "));
    assert.equal(text, "");
  }
});

test("presets: the list for people and the document for programs", async (t) => {
  const { code, text } = await scream(["presets"]);
  assert.equal(code, 0);
  const lines = text.trimEnd().split("\n");
  assert.equal(lines[0], "Available presets:");
  const names = lines.slice(1).map((line) => /^ {2}(\S+)/.exec(line)[1]);
  for (const name of ["classic", "whisper", "death-metal", "glitch", "banshee", "robot"]) {
    assert.ok(names.includes(name), name);
  }
  const server = await useServer(t);
  const { body } = await server.get("/presets");
  const json = await scream(["presets", "--json"]);
  assert.deepEqual(JSON.parse(json.text), JSON.parse(body));
});

test("version: one line in parity with go-scream, and the document of the server", async (t) => {
  const short = await scream(["--version"]);
  assert.match(short.text, /^scream \S+ \(commit: \S+, built: \S+\)\n$/);
  const long = await scream(["version"]);
  assert.ok(long.text.startsWith(short.text));
  for (const library of ["opus", "ogg", "sodium", "microhttpd"]) {
    assert.ok(long.text.includes(library), library);
  }
  const server = await useServer(t);
  const { body } = await server.get("/version");
  const json = await scream(["version", "--json"]);
  assert.deepEqual(JSON.parse(json.text), JSON.parse(body));
});

test("SCREAM_ISA: the same bytes from every one that runs, and version says which", async () => {
  const sound = ["generate", "--preset", "banshee", "--seed", "3", "--format", "wav", "-o", "-"];
  const sounds = new Set();
  let ran = 0;
  for (const isa of ["scalar", "sse2", "avx2", "avx512", "neon"]) {
    const settings = { SCREAM_ISA: isa };
    const version = await scream(["version"], { settings });
    const made = await scream(sound, { settings });
    assert.equal(version.code, 0);
    if (made.code === 0) {
      ran += 1;
      assert.match(version.text, new RegExp(`^ +instructions +${isa}$`, "m"));
      sounds.add(made.stdout.toString("base64"));
    } else {
      assert.equal(made.code, 78);
      const wrong = `SCREAM_ISA is ${isa}, which this machine does not run; it runs scalar`;
      assert.ok(made.stderr.includes(wrong), made.stderr);
      assert.ok(version.stderr.includes(wrong), version.stderr);
    }
  }
  assert.ok(ran >= 1 && ran <= 4);
  assert.equal(sounds.size, 1);
  const unknown = await scream(["version"], { settings: { SCREAM_ISA: "AVX2" } });
  assert.match(unknown.stderr, /SCREAM_ISA is "AVX2" but must be auto, scalar, sse2/);
});

test("healthcheck: 0 when ready, 69 when not or nobody is there", async (t) => {
  const server = await useServer(t, { settings: { SCREAM_DRAIN_DELAY: "3600s" } });
  const settings = { SCREAM_HTTP_PORT: String(server.port) };
  const ready = await scream(["healthcheck"], { settings });
  assert.equal(ready.code, 0, ready.stderr);
  const flag = await scream(["healthcheck", "--http-port", String(server.port)]);
  assert.equal(flag.code, 0);
  server.kill("SIGTERM");
  for (let code = 0; code !== 69; ) {
    ({ code } = await scream(["healthcheck"], { settings }));
    assert.ok(code === 0 || code === 69);
  }
  server.kill("SIGTERM");
  await server.exit;
  const nobody = await scream(["healthcheck"], { settings });
  assert.equal(nobody.code, 69);
  assert.match(nobody.stderr, /^scream: .+\n$/);
});

test("completions are read by their shells", async (t) => {
  const folder = await makeFolder();
  t.after(() => removeFolder(folder));
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, text } = await scream(["completion", shell]);
    assert.equal(code, 0);
    for (const word of [...commands, "preset", "seed", "death-metal", "http-port"]) {
      assert.ok(text.includes(word), `${shell}: ${word}`);
    }
    const found = (await run("bash", ["-c", `command -v ${shell}`])).code === 0;
    if (shell === "bash" || found) {
      const path = join(folder, shell);
      await writeFile(path, text);
      const parsed = await run(shell, [shell === "fish" ? "--no-execute" : "-n", path]);
      assert.equal(parsed.code, 0, parsed.stderr);
      assert.equal(parsed.stderr, "");
    } else {
      t.diagnostic(`${shell} is not on this machine; its script was read as text only`);
    }
  }
});

test("bash really completes", async () => {
  const script = [
    '. <("$0" completion bash)',
    "complete -p scream >/dev/null || exit 1",
    "name=$(complete -p scream | sed 's/.*-F \\([^ ]*\\).*/\\1/')",
    'ask() { COMP_WORDS=(scream "$@"); COMP_CWORD=$#; COMPREPLY=(); COMP_LINE="scream $*";',
    'COMP_POINT=${#COMP_LINE}; "$name" scream "${COMP_WORDS[COMP_CWORD]}"',
    '"${COMP_WORDS[COMP_CWORD-1]}"; echo "${COMPREPLY[@]}"; }',
    "ask gen; ask generate --pre; ask generate --preset ban",
  ].join("\n");
  const { code, text, stderr } = await run("bash", ["-c", script, binary], { env: environment() });
  assert.equal(code, 0, stderr);
  const [command, flag, value] = text.split("\n");
  assert.match(command, /^generate\s*$/);
  assert.match(flag, /--preset\b/);
  assert.match(value, /^banshee\s*$/);
});

test("colours only on a terminal that wants them", async () => {
  const seen = async (env) =>
    (await run("script", ["-qec", `${binary} help`, "/dev/null"], { env: environment(env) })).text;
  assert.ok((await seen({ TERM: "xterm" })).includes("\x1b["));
  assert.ok(!(await seen({ TERM: "xterm", NO_COLOR: "1" })).includes("\x1b["));
  assert.ok(!(await seen({ TERM: "dumb" })).includes("\x1b["));
});

test("a full disk is noticed by every command that prints", async () => {
  for (const command of ["help", "presets", "config", "version", "completion bash"]) {
    const { code } = await run("bash", ["-c", `"$0" ${command} > /dev/full`, binary], {
      env: environment(),
    });
    assert.equal(code, 74, command);
  }
});
