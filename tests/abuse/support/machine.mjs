/*
 * tests/abuse/support/machine.mjs - what the kernel knows about a process and its sockets.
 * Why:    a server that counts itself wrong would pass its own figures; /proc and ss do not ask it.
 * Source: proc(5), ss(8) (skmem), prlimit(1).
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";

/** Open descriptors of a process. */
export function openFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function statusField(pid, name) {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(
    readFileSync(`/proc/${pid}/status`, "latin1"),
  );
  return Number(found[1]) * 1024;
}

/** Resident bytes of a process now, and the most it ever had. */
export const residentBytes = (pid) => statusField(pid, "VmRSS");
export const residentBytesMost = (pid) => statusField(pid, "VmHWM");

/** Processor time a process has used, in milliseconds (the kernel counts in ticks of 10 ms). */
export function processorMs(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Soft limit of open files of a process. */
export function filesAllowed(pid = "self") {
  const found = /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, "latin1"));
  return found[1] === "unlimited" ? Infinity : Number(found[1]);
}

/** Changes the limit of open files of a running process; throws what prlimit says. */
export function limitFiles(pid, soft, hard = "") {
  const done = spawnSync("prlimit", [`--pid=${pid}`, `--nofile=${soft}:${hard}`]);
  if (done.error || done.status !== 0) {
    throw new Error(`prlimit: ${done.error ?? done.stderr}`);
  }
}

/** What /proc/net/sockstat says of TCP: { inuse, orphan, tw, alloc, mem } (mem in pages). */
export function tcpStatistics() {
  const line = /^TCP: (.*)$/m.exec(readFileSync("/proc/net/sockstat", "latin1"))[1];
  const words = line.split(" ");
  const read = {};
  for (let i = 0; i + 1 < words.length; i += 2) {
    read[words[i]] = Number(words[i + 1]);
  }
  return read;
}

/* skmem:(r..,rb..,t..,tb..,f..,w..,o..,bl..,d..): bytes received, in flight to the device, kept
 * ahead, queued for sending (t is part of w), options, backlog. */
function kernelBytes(line) {
  const found = /skmem:\(([^)]*)\)/.exec(line);
  if (!found) {
    return 0;
  }
  const field = (name) => Number(new RegExp(`(?:^|,)${name}(\\d+)`).exec(found[1])?.[1] ?? 0);
  return field("r") + field("f") + field("w") + field("o") + field("bl");
}

/** The server's ends of the connections to a port: [{ state, bytes }]; null without ss. */
export function serverSockets(port) {
  const done = spawnSync("ss", ["-tamnO", "sport", "=", `:${port}`], { maxBuffer: 64 << 20 });
  if (done.error || done.status !== 0) {
    return null;
  }
  return done.stdout
    .toString("latin1")
    .split("\n")
    .slice(1)
    .filter((line) => line !== "" && !line.startsWith("LISTEN"))
    .map((line) => ({ state: line.split(" ")[0], bytes: kernelBytes(line) }));
}

/** What the figures were measured on, in one line. */
export function machineText() {
  const cores = os.availableParallelism();
  const gibibytes = (os.totalmem() / 2 ** 30).toFixed(0);
  const model = os.cpus()[0]?.model.trim() || os.machine();
  const versions = `Linux ${os.release()}, Node ${process.version}`;
  return `${cores} cores (${model}), ${gibibytes} GiB, ${versions}`;
}
