/*
 * bench/parts/stages.mjs - what each stage of a scream costs, in nanoseconds per block of 20 ms.
 * Flow:   one program a stage, bench/stage_*.c, and stage_synth once for each instruction set; all
 *         of them again, five times; the rounds of all passes together are the figures.
 * Layers: the kernels run all five whether they are silent or not, and filters whether they are off
 *         or not; the definition leaves them out. So every choice of layers and filters costs the
 *         engine the same: none and all are shown. bench_stage_layers and bench_stage_filters tell
 *         the others by hand; what a kernel costs stands under Step.
 * Beside: the definition in double precision, libogg, or the bare Opus encoder: a subject of the
 *         same program, taking turns with what it is compared with.
 * Time:   7 s
 */
import { figureOf, skipped } from "../support/figures.mjs";
import { stageIsas, stageRounds } from "../support/stage_program.mjs";

export const title = "the stages of a scream, ns of CPU time per block of 20 ms, on one core";

/* Target 1: how many times as fast as the definition, for each instruction set of the issue. */
const goals = {
  scalar: { hard: 4, moonshot: 6 },
  sse2: { hard: 10, moonshot: 16 },
  avx2: { hard: 20, moonshot: 32 },
  avx512: { hard: 30, moonshot: 50 },
};

/* Where a process lies in memory and what the host does for a second move a whole run; so each
 * program is started several times, the others in between, and all rounds are one set. */
const passes = 5;
const synthRounds = ["--rounds", "9"];
const otherRounds = ["--rounds", "5"];

const unit = "ns/block";
const samplesOfBlock = 960;

/* [program, subject, title, reference subject, reference title] */
const rows = [
  ["layers", "engine.nothing", "No layer, no filter", "definition.nothing", "definition"],
  ["filters", "engine.chain", "All layers, all filters", "definition.chain", "definition"],
  ["limiter", "calm", "Limiter, nothing too loud", "bare", "bare Opus"],
  ["limiter", "busy", "Limiter at work", "bare", "bare Opus"],
  ["limiter", "fade", "Fade-out (one block a scream)", "bare", "bare Opus"],
  ["s16", "stereo", "16 bits, two channels", "definition", "definition"],
  ["s16", "mono", "16 bits, one channel", "definition", "definition"],
  ["opus", "bare", "Opus, bare"],
  ["opus", "encoder", "Opus behind core/codec", "bare", "bare Opus"],
  ["opus", "reset", "Opus: reset (once a scream)", "init", "init"],
  ["ogg", "pages", "Ogg pages in place", "libogg", "libogg"],
  ["job", "job", "Whole cold job, Ogg, no HTTP", "bare", "bare Opus"],
  ["job", "pcm", "Whole WAV stream, no HTTP", "bare", "bare Opus"],
];

/* The steps of bench/stage_kernels.c, which add up: a step is its subject less the one before. */
const steps = [
  ["begin", "Step: where the lanes begin"],
  ["mix", "Step: kernel mix, layers and two filters"],
  ["serial", "Step: what runs from lane to lane"],
  ["shape", "Step: kernel shape, crusher"],
  ["drive", "Step: kernel drive, compressor to limit"],
];

function stepFigures(subjects, isa) {
  const whole = subjects.get(steps.at(-1)[0]).rounds;
  let before = whole.map(() => 0);
  return steps.map(([subject, name]) => {
    const sums = subjects.get(subject).rounds;
    const values = sums.map((sum, round) => sum - before[round]);
    before = sums;
    return figureOf({
      id: `kernels.${subject}`,
      title: `${name}, ${isa}`,
      unit,
      values,
      reference: { title: "raw block", values: whole },
      share: true,
    });
  });
}

function rowFigure(subjects, [program, subject, name, against, againstTitle]) {
  return figureOf({
    id: `${program}.${subject}`,
    title: name,
    unit,
    values: subjects.get(subject).rounds,
    reference: against && { title: againstTitle, values: subjects.get(against).rounds },
  });
}

/** What target 1 asks of an instruction set, or null. */
export function synthTarget(isa) {
  const goal = goals[isa];
  return goal ? { line: 1, of: "ratio", bound: "at least", ...goal } : null;
}

/* One lane at a time saves no operation: counted by callgrind. */
const scalarNote =
  "sample by sample the kernels take 270 instructions where the definition takes 685; nothing but" +
  " that and shorter waits makes them faster";

/* How fast, as the target says it: more is better. */
function speedFigure(isa, subjects) {
  const perMicrosecond = (ns) => (samplesOfBlock / ns) * 1000;
  return figureOf({
    id: `synth.${isa}.speed`,
    title: `Synth, classic chain raw, ${isa}`,
    unit: "Msamples/s",
    better: "more",
    values: subjects.get("raw").rounds.map(perMicrosecond),
    reference: {
      title: "definition",
      values: subjects.get("definition").rounds.map(perMicrosecond),
    },
    target: synthTarget(isa),
    note: isa === "scalar" ? scalarNote : undefined,
  });
}

function synthFigures(isa, subjects) {
  const figure = (subject, name, blockUnit = unit) =>
    figureOf({
      id: `synth.${isa}.${subject}`,
      title: `${name}, ${isa}`,
      unit: blockUnit,
      values: subjects.get(subject).rounds,
      reference: { title: "definition", values: subjects.get("definition").rounds },
    });
  return [
    speedFigure(isa, subjects),
    figure("raw", "Synth raw"),
    figure("smooth", "Synth smooth, limiter and fades"),
    figureOf({
      id: `synth.${isa}.begin`,
      title: `Preparing a scream, ${isa}`,
      unit: "ns/scream",
      values: subjects.get("begin").rounds,
      reference: { title: "definition's block", values: subjects.get("definition").rounds },
    }),
  ];
}

/* What is measured here, or told to be missing: every set that the program or the issue names. */
function missingFigures(isas) {
  const known = new Set(isas.map(({ isa }) => isa));
  const absent = isas
    .filter(({ runs }) => !runs)
    .map(({ isa }) => [isa, `this processor has no ${isa}`]);
  const foreign = Object.keys(goals)
    .filter((isa) => !known.has(isa))
    .map((isa) => [isa, `this program has no ${isa} kernels (${process.arch})`]);
  return [...absent, ...foreign].map(([isa, reason]) =>
    skipped(`synth.${isa}.speed`, `Synth, classic chain raw, ${isa}`, reason, synthTarget(isa)),
  );
}

/* Adds the rounds of one more pass to those of the passes before. */
function gather(all, key, subjects) {
  const sums = all.get(key) ?? new Map();
  for (const [subject, { rounds }] of subjects) {
    sums.set(subject, { rounds: [...(sums.get(subject)?.rounds ?? []), ...rounds] });
  }
  all.set(key, sums);
}

export async function run({ buildFolder, log }) {
  const isas = await stageIsas(buildFolder);
  const usable = isas.filter(({ runs }) => runs).map(({ isa }) => isa);
  const programs = ["kernels", ...new Set(rows.map(([program]) => program))];
  const all = new Map();
  for (let pass = 1; pass <= passes; pass += 1) {
    log(`pass ${pass} of ${passes}`);
    for (const isa of usable) {
      gather(all, `synth ${isa}`, await stageRounds(buildFolder, "synth", synthRounds, isa));
    }
    for (const program of programs) {
      gather(all, program, await stageRounds(buildFolder, program, otherRounds));
    }
  }
  return [
    ...usable.flatMap((isa) => synthFigures(isa, all.get(`synth ${isa}`))),
    ...missingFigures(isas),
    ...stepFigures(all.get("kernels"), isas.find(({ used }) => used).isa),
    ...rows.map((row) => rowFigure(all.get(row[0]), row)),
  ];
}
