/*
 * tests/e2e/dev_script.test.mjs - what ./dev says to whoever types something wrong, or asks.
 * Aim:    help is text and nothing else; what is wrong is named as it was typed, and ends with exit
 *         code 64 before anything is built, installed or rewritten.
 * Method: the real script; a build would say "Building", and take longer than the time it has.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { root } from "./support/server.mjs";
import { run } from "./support/tools.mjs";

async function dev(...words) {
  const result = await run(`${root}dev`, words, { timeoutMs: 30000 });
  assert.doesNotMatch(result.text + result.stderr, /^== /m, "nothing was begun");
  return result;
}

const refused = {
  nonsense: /^dev: there is no command 'nonsense' \(\.\/dev help lists them\)\n$/,
  "abuse X9 a1": /^dev: there is no group 'X9'; there are: a1 .*\n$/,
  "abuse a": /^dev: there is no group 'a'; /,
  "fuzz Nope": /^dev: there is no target 'Nope' \(\.\/dev fuzz help lists them\)\n$/,
  "fuzz --minutes 0": /^dev: --minutes wants a whole number/,
  "test Nope": /^dev: there is no stage 'Nope' \(\.\/dev test help lists them\)\n$/,
  "test common": /^dev: there is no stage 'common'/,
  "test unit -v": /^dev: there is no stage '-v'/,
  "build nonsense": /^dev: there is no preset 'nonsense'; there are: release .*\n$/,
  "build base": /^dev: there is no preset 'base'/,
  "build dev more": /^dev: usage: \.\/dev build \[PRESET\]/,
  "build help": /^dev: usage: \.\/dev build \[PRESET\]/,
  "bench Nope": /^dev: there is no part 'Nope'; there are: .*stages.* \(\.\/dev bench help\)\n$/,
  "bench stages --fast": /^dev: there is no part '--fast'; /,
  "bench --compare": /^dev: --compare wants the JSON file of a run/,
  "bench --compare nowhere.json": /^dev: there is no file 'nowhere\.json'\n$/,
  "bench --with=nowhere.json": /^dev: there is no file 'nowhere\.json'\n$/,
  "lint help": /^dev: usage: \.\/dev lint/,
  "lint tidy": /^dev: usage: \.\/dev lint/,
  "format --help": /^dev: usage: \.\/dev format/,
};

for (const [words, sentence] of Object.entries(refused)) {
  test(`./dev ${words} is refused`, async () => {
    const { code, text, stderr } = await dev(...words.split(" "));
    assert.equal(code, 64);
    assert.equal(text, "");
    assert.match(stderr, sentence);
  });
}

for (const words of ["", "help", "-h", "--help"]) {
  test(`./dev ${words} tells the commands`, async () => {
    const { code, text } = await dev(...words.split(" ").filter(Boolean));
    assert.equal(code, 0);
    assert.match(text, /^Usage: \.\/dev COMMAND/);
  });
}

for (const command of ["abuse", "bench", "fuzz", "test"]) {
  for (const word of ["help", "-h", "--help"]) {
    test(`./dev ${command} ${word} tells what there is`, async () => {
      const { code, text, stderr } = await dev(command, word);
      assert.equal(code, 0);
      assert.equal(stderr, "");
      assert.ok(text.startsWith(`Usage: ./dev ${command} [`), text);
    });
  }
}

test("every group of abuse has its line, and run.mjs knows the same groups", async () => {
  const { text } = await dev("abuse", "help");
  const known = readFileSync(`${root}tests/abuse/run.mjs`, "utf8");
  const scripts = readdirSync(`${root}tests/abuse`).filter((name) => /^[a-z][0-9]_/.test(name));
  assert.ok(scripts.length >= 14, `${scripts.length} groups`);
  for (const script of scripts) {
    assert.match(text, new RegExp(`^  ${script.slice(0, 2)}  \\S.{15,80}$`, "m"));
    assert.ok(known.includes(`"${script.replace(".mjs", "")}"`), script);
  }
});

test("every part of the bench has its line", async () => {
  const { text } = await dev("bench", "help");
  const parts = readdirSync(`${root}bench/parts`).map((name) => name.replace(/\.mjs$/, ""));
  assert.ok(parts.includes("stages"));
  for (const part of parts) {
    assert.match(text, new RegExp(`^  ${part} +\\S.{15,90}$`, "m"));
  }
});

test("the duration of a run of abuse is told as one number", async () => {
  const told = /some (?:three and a half|\w+)\s+minutes/;
  const whole = (text) => told.exec(text)?.[0].replace(/\s+/g, " ");
  const wanted = whole(readFileSync(`${root}docs/abuse.md`, "utf8"));
  assert.ok(wanted, "docs/abuse.md tells it");
  const { text: help } = await dev("abuse", "help");
  assert.equal(whole(help), wanted);
  const { text: all } = await dev("help");
  assert.equal(whole(all.slice(all.indexOf("abuse [GROUP"))), wanted);
});
