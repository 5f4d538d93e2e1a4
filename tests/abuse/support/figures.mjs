/*
 * tests/abuse/support/figures.mjs - what was measured, beside what was promised.
 * Why:    one table, one word for each line: met or missed. What is right or wrong is hard and
 *         decides the exit code; how fast it was depends on the machine and is only shown.
 */

/** The value below which the share p of all lies (0 < p <= 1); NaN of nothing. */
export function percentile(values, p) {
  if (values.length === 0) {
    return NaN;
  }
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
}

/** The largest; 0 of nothing. Spreading a hundred thousand arguments would overflow the stack. */
export function largest(values) {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

export const milliseconds = (value) => (Number.isFinite(value) ? `${value.toFixed(1)} ms` : "none");
export const seconds = (value) =>
  Number.isFinite(value) ? `${(value / 1000).toFixed(2)} s` : "never";
export const kibibytes = (value) => `${(value / 1024).toFixed(1)} KiB`;
export const mebibytes = (value) => `${(value / 1048576).toFixed(1)} MiB`;
export const share = (part, whole) => `${part} of ${whole}`;

/** How often each value occurs, as "200: 12, 503: 7". */
export function tally(values) {
  const counts = new Map();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].map(([value, count]) => `${value}: ${count}`).join(", ") || "none";
}

/** Adds up tallies kept as plain objects. */
export function addUp(tallies) {
  const sum = {};
  for (const one of tallies) {
    for (const [key, count] of Object.entries(one)) {
      sum[key] = (sum[key] ?? 0) + count;
    }
  }
  return sum;
}

/** The lines of one group (A1, L3, ...). */
export class Figures {
  constructor(id, title) {
    Object.assign(this, { id, title, lines: [] });
  }

  #add(kind, name, value, goal, met) {
    this.lines.push({ kind, name, value: String(value), goal, met: Boolean(met) });
  }

  /** A promise: missing it fails the run. */
  hard(name, value, goal, met) {
    this.#add("hard", name, value, goal, met);
  }

  /** A goal of speed or size on the machine the figures of docs/abuse.md come from. */
  speed(name, value, goal, met) {
    this.#add("speed", name, value, goal, met);
  }

  /** Something worth knowing that has no goal, or the reason why a line is missing. */
  note(name, value) {
    this.#add("note", name, value, "", true);
  }

  /** Ordinary requests that went on meanwhile: every one must have been answered. */
  ordinary({ asked, answered, others }) {
    this.hard("ordinary requests answered", share(answered, asked), "all", answered === asked);
    if (answered !== asked) {
      this.note("  the others", tally(others));
    }
  }

  /** Whether everything came back, after so many milliseconds (Infinity: never). */
  back(name, ms) {
    this.hard(name, seconds(ms), "all", Number.isFinite(ms));
  }

  /** How many lines missed their goal. */
  missed(kind) {
    return this.lines.filter((line) => line.kind === kind && !line.met).length;
  }

  /** The group as text, one line a figure. */
  toString() {
    const words = { hard: "missed", speed: "missed (speed)" };
    const rows = this.lines.map(({ kind, name, value, goal, met }) => {
      const verdict = kind === "note" ? "" : met ? "met" : words[kind];
      const wanted = kind === "note" ? "" : `goal ${goal}`;
      return `    ${name.padEnd(54)} ${value.padEnd(22)} ${wanted.padEnd(24)} ${verdict}`.trimEnd();
    });
    return [`${this.id}  ${this.title}`, ...rows].join("\n");
  }
}
