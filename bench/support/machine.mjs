/*
 * bench/support/machine.mjs - what the figures were measured on, and with.
 * Why:    a figure without its processor, compiler and library versions is gossip.
 * Source: the program's own `version`, the stage programs' --isas, os(3), os-release(5).
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";

function output(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8" });
  return done.status === 0 ? done.stdout : "";
}

/** The rows of `scream version`: { commit, compiler, libopus, ... }. */
export function parseVersion(text) {
  const rows = {};
  for (const line of text.split("\n")) {
    const found = /^ {2}(\S+) {2,}(\S.*)$/.exec(line);
    if (found) {
      rows[found[1]] = found[2];
    }
  }
  const commit = /\(commit: ([^,)]+)/.exec(text)?.[1];
  return commit ? { commit, ...rows } : rows;
}

/* "Debian GNU/Linux 12 (bookworm)". */
function systemName() {
  try {
    const text = readFileSync("/etc/os-release", "utf8");
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? "";
  } catch {
    return "";
  }
}

/* In a virtual machine the host may take the processor away: that time is told here. */
function stolenShare() {
  const line = /^cpu +(.*)$/m.exec(readFileSync("/proc/stat", "latin1"))[1];
  const fields = line.split(" ").map(Number);
  const all = fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
  return all > 0 ? fields[7] / all : 0;
}

/** What stands in every result. isas: [{ isa, runs, used }] of a stage program. */
export function describeMachine(binary, isas) {
  const { commit, compiler, isa: named, ...rest } = parseVersion(output(binary, ["version"]));
  const libraries = Object.fromEntries(
    Object.entries(rest).filter(([name]) => name.startsWith("lib")),
  );
  return {
    cpu: os.cpus()[0]?.model.trim() || os.machine(),
    cores: os.availableParallelism(),
    isa: isas.find(({ used }) => used)?.isa ?? named ?? "unknown",
    isas: isas.filter(({ runs }) => runs).map(({ isa }) => isa),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()}`,
    system: systemName(),
    compiler: compiler ?? "unknown",
    libraries,
    node: process.version,
    commit: commit ?? "unknown",
    loadAtStart: Number(os.loadavg()[0].toFixed(2)),
    stolenShare: Number(stolenShare().toFixed(4)),
  };
}

/** The same as text. */
export function machineText(machine) {
  const libraries = Object.entries(machine.libraries).map(([name, version]) =>
    version.startsWith(name) ? version : `${name} ${version}`,
  );
  const busy = `Load at the start: ${machine.loadAtStart}. Others run here: figures will scatter.`;
  return [
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, kernels ${machine.isa}` +
      ` of ${machine.isas.join(" ")}`,
    `${machine.system}, ${machine.kernel}, Node ${machine.node}`,
    `scream ${machine.commit}, ${machine.compiler}, ${libraries.join(", ")}`,
    ...(machine.loadAtStart > 0.5 ? [busy] : []),
  ].join("\n");
}
