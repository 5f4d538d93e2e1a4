/*
 * tests/abuse/support/crew.mjs - several processes that attack at the same moment.
 * Why:    one Node has one core's worth of sockets in it; and who measures must not be who floods.
 * Flow:   hire -> every worker has loaded its attack -> go -> results, or what went wrong.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import { within } from "../../e2e/support/wait.mjs";

const program = fileURLToPath(new URL("./worker.mjs", import.meta.url));

/**
 * Starts workers that run a module's attack(options, index).
 * in      module   URL of the module (import.meta.url of who calls)
 * in      options  plain data, the same for each
 * returns { go(): starts all and gives their results, dismiss() }
 */
export async function hire(module, count, options, timeoutMs = 120000) {
  const workers = Array.from({ length: count }, () =>
    fork(program, { stdio: ["ignore", "inherit", "inherit", "ipc"] }),
  );
  const dismiss = () => workers.forEach((worker) => worker.kill("SIGKILL"));
  const messages = (worker, type) =>
    new Promise((resolve, reject) => {
      worker.on("message", (message) => {
        if (message.type === type) {
          resolve(message.value);
        } else if (message.type === "error") {
          reject(new Error(message.value));
        }
      });
      worker.once("exit", (code, signal) => reject(new Error(`a worker ended: ${code ?? signal}`)));
      worker.once("error", reject);
    });
  const ready = Promise.all(
    workers.map((worker, index) => {
      worker.send({ type: "load", module, options, index });
      return messages(worker, "ready");
    }),
  );
  try {
    await within(ready, "the workers", 30000);
  } catch (error) {
    dismiss();
    throw error;
  }
  const go = async () => {
    try {
      const results = workers.map((worker) => messages(worker, "result"));
      workers.forEach((worker) => worker.send({ type: "go" }));
      return await within(Promise.all(results), "the results of the workers", timeoutMs);
    } finally {
      dismiss();
    }
  };
  return { go, dismiss };
}
