/*
 * bench/parts/instructions.mjs - instructions per block, counted by callgrind: no clock, no noise.
 * Why:    on a shared machine two runs of one program differ by ten per cent in time and by none in
 *         instructions. They are not time (a vector instruction is one, a division is one): they
 *         tell what changed, the clock tells what it is worth.
 * Method: stage programs with --once; only scr_stopwatch_counted and what it calls is counted, at
 *         its second run. SCREAM_ISA=avx2: valgrind knows no AVX-512.
 * Time:   4 s
 */
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { makeFolder, removeFolder } from "../support/broken_off.mjs";
import { figureOf, skipped } from "../support/figures.mjs";
import { stageIsas, stageLines } from "../support/stage_program.mjs";

const execute = promisify(execFile);

export const title = "instructions per block of 20 ms, counted by callgrind";

/* [program, subject, title, reference subject, reference title] */
const rows = [
  ["synth", "raw", "Synth raw", "definition", "definition"],
  ["synth", "smooth", "Synth smooth", "definition", "definition"],
  ["s16", "stereo", "16 bits, two channels", "definition", "definition"],
  ["opus", "encoder", "Opus behind core/codec", "bare", "bare Opus"],
  ["ogg", "pages", "Ogg pages in place", "libogg", "libogg"],
  ["job", "job", "Whole cold job, Ogg, no HTTP", "bare", "bare Opus"],
];

/** The sum of a callgrind file: its "summary:" or "totals:" line. */
export function countOf(text) {
  const found = /^(?:summary|totals): (\d+)/m.exec(text);
  if (!found) {
    throw new Error("callgrind counted nothing");
  }
  return Number(found[1]);
}

async function count(buildFolder, folder, program, subject, isa) {
  const file = path.join(folder, `${program}.${subject}`);
  const args = [
    "--tool=callgrind",
    "--collect-atstart=no",
    "--toggle-collect=scr_stopwatch_counted",
    `--callgrind-out-file=${file}`,
    "--quiet",
    path.join(buildFolder, `bench_stage_${program}`),
    "--once",
    subject,
  ];
  await execute("valgrind", args, { env: { ...process.env, SCREAM_ISA: isa }, timeout: 180000 });
  return countOf(readFileSync(file, "latin1"));
}

/* The widest that valgrind knows and this processor has. */
function isaFor(isas) {
  const names = isas.filter(({ runs }) => runs).map(({ isa }) => isa);
  return ["avx2", "sse2", "neon", "scalar"].find((isa) => names.includes(isa)) ?? "";
}

async function blocksOf(buildFolder, program, subject) {
  const lines = await stageLines(buildFolder, program, ["--list"]);
  return lines.find((line) => line.subject === subject).blocks;
}

export async function run({ buildFolder, log }) {
  if (spawnSync("valgrind", ["--version"]).status !== 0) {
    return [skipped("instructions", title, "valgrind is not installed (apt-get install valgrind)")];
  }
  const isa = isaFor(await stageIsas(buildFolder));
  const folder = makeFolder();
  const counts = new Map();
  const perBlock = async (program, subject) => {
    const key = `${program} ${subject}`;
    if (!counts.has(key)) {
      const blocks = await blocksOf(buildFolder, program, subject);
      const all = await count(buildFolder, folder, program, subject, isa);
      counts.set(key, Math.round(all / blocks));
    }
    return counts.get(key);
  };
  try {
    const figures = [];
    for (const [program, subject, name, against, againstTitle] of rows) {
      log(`${program}: ${subject}`);
      figures.push(
        figureOf({
          id: `instructions.${program}.${subject}`,
          title: `${name}, ${isa}`,
          unit: "instructions/block",
          values: [await perBlock(program, subject)],
          reference: { title: againstTitle, values: [await perBlock(program, against)] },
        }),
      );
    }
    return figures;
  } finally {
    removeFolder(folder);
  }
}
