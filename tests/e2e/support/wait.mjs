/*
 * tests/e2e/support/wait.mjs - waits for a state, never for a time.
 * Why:    timing decides nothing; a time-out only ends what hangs, so it is generous.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** Polls until condition() is truthy and returns that; throws "waited for <what>" at the end. */
export async function waitFor(condition, what, timeoutMs = 30000) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${timeoutMs} ms for ${typeof what === "function" ? what() : what}`);
    }
    await sleep(20);
  }
}

/** Ends a promise that hangs. */
export async function within(promise, what, timeoutMs = 60000) {
  const controller = new AbortController();
  const bell = sleep(timeoutMs, null, { signal: controller.signal }).then(() => {
    throw new Error(`waited ${timeoutMs} ms for ${what}`);
  });
  bell.catch(() => {});
  try {
    return await Promise.race([promise, bell]);
  } finally {
    controller.abort();
  }
}

/** Runs tasks (functions), at most `limit` at once; results in the order of the tasks. */
export async function pooled(tasks, limit) {
  const results = new Array(tasks.length);
  let next = 0;
  const worker = async () => {
    while (next < tasks.length) {
      const mine = next++;
      results[mine] = await tasks[mine]();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker));
  return results;
}
