/*
 * tests/e2e/support/tools.mjs - runs the program and other people's programs on its output.
 * Why:    decoders and validators that we did not write are the judges; one that is missing is a
 *         failure, for silence proves nothing. What curl tells of answers is held against
 *         openapi.yaml.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { holdBytes } from "./raw.mjs";
import { binary, environment } from "./server.mjs";
import { within } from "./wait.mjs";

/** Holds the heads that curl -v told of against openapi.yaml; returns how many those were. */
export function holdTrace(trace) {
  let [port, asked, received, count] = [0, "", "", 0];
  for (const line of trace.split(/\r?\n/)) {
    port = /^\* Connected to .* port (\d+)/.exec(line)?.[1] ?? port;
    if (line.startsWith("> ")) {
      asked = received === "" ? `${asked}${line.slice(2)}\r\n` : `${line.slice(2)}\r\n`;
      received = "";
    } else if (line.startsWith("< ")) {
      received += `${line.slice(2)}\r\n`;
      count += holdBytes(port, asked, received) ? 1 : 0;
    }
  }
  return count;
}

/**
 * Runs a program to its end.
 * in      input   bytes for its standard input (none: closed)
 * returns { code, signal, stdout: Buffer, stderr: string, text: stdout as string }
 */
export function run(program, args, { env, cwd, input, stdio, timeoutMs = 120000 } = {}) {
  const ended = new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: env ?? process.env,
      cwd,
      stdio: stdio ?? [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    const out = [];
    const err = [];
    child.on("error", (error) =>
      reject(error.code === "ENOENT" ? new Error(`the tool ${program} is missing`) : error),
    );
    child.stdout?.on("data", (piece) => out.push(piece));
    child.stderr?.on("data", (piece) => err.push(piece));
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    child.on("close", (code, signal) => {
      const stdout = Buffer.concat(out);
      const stderr = Buffer.concat(err).toString("utf8");
      try {
        holdTrace(program === "curl" ? stderr : "");
      } catch (error) {
        reject(error);
      }
      resolve({ code, signal, stdout, stderr, text: stdout.toString("utf8") });
    });
  });
  return within(ended, `${program} ${args.join(" ")}`, timeoutMs + 10000);
}

/** Runs a tool that must succeed. */
export async function tool(program, args, options) {
  const result = await run(program, args, options);
  if (result.code !== 0) {
    throw new Error(
      `${program} ${args.join(" ")}: exit ${result.code} ${result.signal ?? ""}\n` +
        `${result.text.slice(-2000)}${result.stderr.slice(-2000)}`,
    );
  }
  return result;
}

/** Runs our own program with settings as its only environment. */
export function scream(args, { settings, ...options } = {}) {
  return run(binary, args, { env: environment(settings), ...options });
}

/** An empty folder; give it to removeFolder. */
export function makeFolder() {
  return mkdtemp(join(tmpdir(), "scream-e2e-"));
}

/** Removes a folder and all in it. */
export async function removeFolder(folder) {
  if (folder) {
    await rm(folder, { recursive: true, force: true });
  }
}
