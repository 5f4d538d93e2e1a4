/*
 * bench/support/broken_off.mjs - what a bench leaves behind when somebody ends it: nothing.
 * Why:    at ^C Node ends without any `finally`: folders would stay, some of them in memory; and
 *         after a SIGTERM to Node alone its servers would run on for ever.
 * Flow:   parts make their folders here -> a signal -> children are told to end, and killed when
 *         they do not -> folders go -> exit code 128 and the signal's number, as of a shell.
 * Limits: in one go, without the event loop, so that no part goes on meanwhile. SIGKILL is not
 *         seen by anybody.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const patienceMs = 3000;
const lookMs = 20;

const folders = new Set();

/** A folder of its own, for removeFolder. */
export function makeFolder(parent = os.tmpdir()) {
  const folder = mkdtempSync(path.join(parent, "scream-bench-"));
  folders.add(folder);
  return folder;
}

/** Removes it and what is in it. */
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

function textOf(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

/* Zombies are gone: nobody collects them while we stand here. */
const isAlive = (pid) => /\) [^ZX]/.test(textOf(`/proc/${pid}/stat`));

function children() {
  return readdirSync("/proc/self/task")
    .flatMap((task) => textOf(`/proc/self/task/${task}/children`).split(" "))
    .filter((pid) => pid !== "" && isAlive(pid));
}

function tell(signal) {
  for (const pid of children()) {
    try {
      process.kill(Number(pid), signal);
    } catch {
      /* It has just ended. */
    }
  }
}

function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function leave(signal) {
  tell("SIGTERM");
  for (let ms = 0; ms < patienceMs && children().length > 0; ms += lookMs) {
    pause(lookMs);
  }
  tell("SIGKILL");
  [...folders].forEach(removeFolder);
  process.exit(128 + os.constants.signals[signal]);
}

/** From now on signals that end us end everything. */
export function leaveNothingBehind() {
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
    process.once(signal, leave);
  }
}
