/*
 * tests/e2e/support/metrics.mjs - reads the Prometheus text format, and finds fault with it.
 * Source: Prometheus text exposition format 0.0.4, written down here independently.
 */
const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? ([-+0-9.eE]+|[+-]Inf|NaN)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/gy;

function parseLabels(text) {
  const labels = {};
  label.lastIndex = 0;
  let at = 0;
  for (let found = label.exec(text); found; found = label.exec(text)) {
    labels[found[1]] = found[2];
    at = label.lastIndex;
    if (at === text.length) {
      break;
    }
  }
  return at === text.length ? labels : null;
}

/** Reads one line: { name, labels, value }, or null when it is malformed. */
export function parseSample(line) {
  const found = sample.exec(line);
  const labels = found && parseLabels(found[3] ?? "");
  if (!found || !labels) {
    return null;
  }
  const value = Number(found[4].replace("Inf", "Infinity"));
  return { name: found[1], labels, value };
}

export class Metrics {
  constructor(text) {
    this.text = text;
    this.samples = text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const read = parseSample(line);
        if (!read) {
          throw new Error(`malformed sample: ${line}`);
        }
        return read;
      });
  }

  /** The samples of a name whose labels include those given. */
  matching(name, labels = {}) {
    return this.samples.filter(
      (read) =>
        read.name === name &&
        Object.entries(labels).every(([key, value]) => read.labels[key] === value),
    );
  }

  /** Their sum; a name that is not there at all is a mistake of the test. */
  sum(name, labels = {}) {
    if (!this.text.includes(`# TYPE ${name} `)) {
      throw new Error(`there is no metric ${name}`);
    }
    return this.matching(name, labels).reduce((total, read) => total + read.value, 0);
  }

  /** Those that matter when a wait fails. */
  brief() {
    const names = /^(scream_(arena|cache|render_s|renders|pcm|http)|http_requests_in)/;
    return this.samples
      .filter((read) => names.test(read.name) && read.value !== 0)
      .map((read) => `${read.name}${JSON.stringify(read.labels)} ${read.value}`)
      .join("\n");
  }
}

/** Everything rendered so far: what HEAD and 304 must not change. */
export function renderedOf(metrics) {
  return {
    renders: metrics.sum("scream_renders_total"),
    samples: metrics.sum("scream_rendered_samples_total"),
    misses: metrics.sum("scream_cache_misses_total"),
    jobs: metrics.sum("scream_arena_jobs"),
  };
}

function checkHistogram(family, samples) {
  const faults = [];
  const byLabels = new Map();
  for (const read of samples) {
    const { le, ...others } = read.labels;
    const key = JSON.stringify(others);
    const set = byLabels.get(key) ?? { buckets: [] };
    if (read.name.endsWith("_bucket")) {
      set.buckets.push({ bound: Number(le.replace("Inf", "Infinity")), count: read.value });
    } else {
      set[read.name.endsWith("_sum") ? "sum" : "count"] = read.value;
    }
    byLabels.set(key, set);
  }
  for (const [key, { buckets, sum, count }] of byLabels) {
    const rising = buckets.every(
      (bucket, i) =>
        i === 0 || (bucket.bound > buckets[i - 1].bound && bucket.count >= buckets[i - 1].count),
    );
    const last = buckets.at(-1);
    if (!rising || last?.bound !== Infinity || last.count !== count || !(sum >= 0)) {
      faults.push(`histogram ${family}${key} is inconsistent`);
    }
  }
  return faults;
}

/** All faults of an exposition, as sentences; none is an empty array. */
export function faultsOf(text) {
  const faults = [];
  const families = new Map();
  const seen = new Set();
  let family = null;
  if (!text.endsWith("\n")) {
    faults.push("the last line has no end");
  }
  for (const line of text.split("\n").slice(0, -1)) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment && comment[1] === "HELP") {
      family = { name: comment[2], samples: [] };
      if (families.has(family.name) || comment[3] === "") {
        faults.push(`second or empty HELP: ${line}`);
      }
      families.set(family.name, family);
    } else if (comment) {
      if (comment[2] !== family?.name || !/^(counter|gauge|histogram)$/.test(comment[3])) {
        faults.push(`TYPE does not follow its HELP: ${line}`);
      }
      family.type = comment[3];
    } else {
      const read = parseSample(line);
      const suffix = read?.name.slice(family?.name.length);
      const fits =
        family?.type === "histogram" ? /^_(bucket|sum|count)$/.test(suffix) : suffix === "";
      if (!read || !read.name.startsWith(family?.name) || !fits || seen.has(line.split(" ")[0])) {
        faults.push(`malformed, misplaced or repeated sample: ${line}`);
      }
      seen.add(line.slice(0, line.lastIndexOf(" ")));
      if (read) {
        family?.samples.push(read);
      }
    }
  }
  for (const { name, type, samples } of families.values()) {
    if (type === "counter" && !name.endsWith("_total")) {
      faults.push(`counter ${name} does not end in _total`);
    }
    if (type === "histogram") {
      faults.push(...checkHistogram(name, samples));
    }
    if (samples.some((read) => type !== "gauge" && !(read.value >= 0))) {
      faults.push(`${name} is negative`);
    }
  }
  return faults;
}
