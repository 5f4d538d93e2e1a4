/*
 * bench/load/client.mjs - starts the load client and the bare encoder, and reads what they print.
 * Why:    the client is a program of C (main.c says why); what is asked of it is in the parts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

/* What a run may take beyond its own seconds before it counts as hanging. */
const patienceMs = 60000;

function words(options) {
  return Object.entries(options).flatMap(([key, value]) => {
    const name = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === true) {
      return [name];
    }
    return [value].flat().flatMap((one) => [name, String(one)]);
  });
}

async function lineOf(program, args, { nice = 0, core, timeoutMs }) {
  const front = core === undefined ? [] : ["taskset", "-c", String(core)];
  const child = spawn("nice", ["-n", String(nice), ...front, program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => (text += piece));
  const ended = once(child, "close");
  const line = () => {
    const end = text.indexOf("\n");
    return end < 0 ? null : JSON.parse(text.slice(0, end));
  };
  return { child, ended, line };
}

/**
 * One run of the load client against a server.
 * in      server   { port, pids } or a server of tests/e2e: its CPU time is measured
 *         options  those of bench_load, in camel case: { target, connections, keep, seconds, ... };
 *                 core: the client runs on this one alone
 * returns what it printed, and besides: perSecond, cpuUs (of the server, per answer), clientShare
 *         (of all cores: 1 is one core the whole time)
 * throws  when an answer was missing or wrong, unless `mayFail`
 */
export async function load(context, server, { mayFail = false, core, ...options }) {
  const pid = server.pids ?? [server.child.pid];
  const timeoutMs = ((options.seconds ?? 0) + (options.hold ?? 0)) * 1000 + patienceMs;
  const program = `${context.buildFolder}/bench_load`;
  const args = words({ port: server.port, pid, ...options });
  const { ended, line } = await lineOf(program, args, { core, timeoutMs });
  const [code, signal] = await ended;
  const run = line();
  if (code !== 0 || run === null) {
    throw new Error(`bench_load ended with ${code ?? signal}: ${args.join(" ")}`);
  }
  if (!mayFail && (run.failed > 0 || run.answered !== run.asked)) {
    const { asked, answered, failed, statuses } = run;
    throw new Error(
      `${failed} of ${asked} requests failed, ${answered} were answered: ` +
        `${JSON.stringify(statuses)}; ${args.join(" ")}`,
    );
  }
  return {
    ...run,
    perSecond: run.answered / run.seconds,
    cpuUs: run.server_cpu_us / run.answered,
    clientShare: run.client_cpu_us / (run.seconds * 1e6),
  };
}

/**
 * Clients that stay connected: runs the load, then waits, silent, until it is told to go.
 * returns { run, leave() }
 */
export async function hold(context, server, { seconds, ...options }) {
  const args = words({ port: server.port, seconds, ...options, hold: 120 });
  const program = `${context.buildFolder}/bench_load`;
  const { child, ended, line } = await lineOf(program, args, { timeoutMs: patienceMs * 3 });
  let gone = false;
  ended.then(() => (gone = true));
  while (!gone && line() === null) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const leave = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  if (line() === null) {
    throw new Error("bench_load ended before it stood still");
  }
  return { run: line(), leave };
}

/**
 * The encoder alone, on so many cores at once.
 * in      which  "bare": the system's libopus; "codec": what the program links
 * returns { cpuUs: per scream, perSecond: of all together }
 */
export async function opusLoops(context, which, { count, seconds, nice }) {
  const runs = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const args = [which, String(seconds), String(1000 * i)];
      const program = `${context.buildFolder}/bench_opus_loop`;
      const { ended, line } = await lineOf(program, args, { nice, timeoutMs: patienceMs });
      const [code, signal] = await ended;
      if (code !== 0) {
        throw new Error(`bench_opus_loop ended with ${code ?? signal}`);
      }
      return line();
    }),
  );
  const screams = runs.reduce((sum, run) => sum + run.screams, 0);
  return {
    cpuUs: runs.reduce((sum, run) => sum + run.cpu_us, 0) / screams,
    perSecond: runs.reduce((sum, run) => sum + run.screams / run.seconds, 0),
  };
}
