/*
 * tests/abuse/run.mjs - attacks the program in every way we know, and says what became of it.
 * Why:    one command prints every promise of the front beside what was measured.
 * Flow:   groups one after the other, each with a server of its own on loopback -> a table -> the
 *         exit code: 1 when a hard goal was missed or a group could not be run.
 * Limits: every group is bounded in connections and in time; all together some four minutes.
 */
import { Figures } from "./support/figures.mjs";
import { filesAllowed, machineText } from "./support/machine.mjs";

const groups = {
  A1: "a1_slowloris",
  A2: "a2_half_dead",
  A3: "a3_slow_readers",
  A4: "a4_aborts",
  A5: "a5_descriptors",
  A6: "a6_overload",
  A7: "a7_flood",
  L1: "l1_drain",
  L2: "l2_signals",
  L3: "l3_kills",
  M1: "m1_torture",
  H1: "h1_raw_matrix",
  H2: "h2_contract",
  H3: "h3_tokens",
};

/* A group that breaks off has missed its goal, and the others still run. */
async function runGroup(id) {
  const begun = performance.now();
  let lines;
  try {
    const { figures } = await import(`./${groups[id]}.mjs`);
    lines = await figures();
  } catch (error) {
    lines = new Figures(id, "could not be measured");
    lines.hard(error.message.split("\n")[0].slice(0, 200), "broken off", "measured", false);
    process.stderr.write(`${error.stack}\n`);
  }
  const taken = ((performance.now() - begun) / 1000).toFixed(0);
  process.stdout.write(`\n${lines}\n    (${taken} s)\n`);
  return lines;
}

function sayLimits() {
  process.stdout.write(`${machineText()}\n`);
  if (filesAllowed() < 6500) {
    process.stdout.write(
      `Only ${filesAllowed()} files may be open here (ulimit -Hn); A1 and A2 want 6,500: their ` +
        "servers get fewer places, and refuse what is beyond.\n",
    );
  }
}

const typed = process.argv.slice(2);
if (typed.some((word) => ["help", "-h", "--help"].includes(word))) {
  process.stderr.write("abuse: ./dev abuse help says what the groups do\n");
  process.exit(64);
}
const wanted = typed.map((name) => name.toUpperCase());
const unknown = typed.filter((name) => !Object.hasOwn(groups, name.toUpperCase()));
if (unknown.length > 0) {
  const known = Object.keys(groups).join(" ");
  process.stderr.write(`abuse: there is no group ${unknown.join(" ")}; there are ${known}\n`);
  process.exit(64);
}
sayLimits();
const begun = performance.now();
const done = [];
for (const id of wanted.length > 0 ? wanted : Object.keys(groups)) {
  done.push(await runGroup(id));
}
const sum = (kind) => done.reduce((count, lines) => count + lines.missed(kind), 0);
const all = done.flatMap(({ lines }) => lines).filter(({ kind }) => kind !== "note");
const minutes = ((performance.now() - begun) / 60000).toFixed(1);
process.stdout.write(
  `\n${all.length} goals: ${all.filter(({ met }) => met).length} met, ${sum("hard")} missed, ` +
    `${sum("speed")} of speed missed; ${minutes} minutes\n`,
);
process.exitCode = sum("hard") > 0 ? 1 : 0;
