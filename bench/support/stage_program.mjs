/*
 * bench/support/stage_program.mjs - runs a stage program and reads its lines.
 * Source: bench/stopwatch.h says what they print.
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** One JSON object a line. */
export function parseLines(text) {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/**
 * Runs bench_stage_NAME of the build folder; isa: which kernels, else the program's choice.
 * returns its lines; throws with what it said
 */
export async function stageLines(buildFolder, name, args = [], isa = "") {
  const program = path.join(buildFolder, `bench_stage_${name}`);
  const env = { ...process.env, SCREAM_ISA: isa };
  const { stdout } = await execute(program, args, { env, maxBuffer: 16 << 20, timeout: 120000 });
  return parseLines(stdout);
}

/** Subjects by name: { blocks, rounds }. */
export async function stageRounds(buildFolder, name, args = [], isa = "") {
  const lines = await stageLines(buildFolder, name, args, isa);
  return new Map(lines.map(({ subject, blocks, rounds }) => [subject, { blocks, rounds }]));
}

/** The instruction sets the kernels know: [{ isa, runs, used }]. */
export const stageIsas = (buildFolder) => stageLines(buildFolder, "synth", ["--isas"]);
