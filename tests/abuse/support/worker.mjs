/*
 * tests/abuse/support/worker.mjs - one process of a crew: loads an attack, waits, runs it.
 * Flow:   load -> ready -> go -> result; ends with its parent.
 * Why:    it is nicer than the server (whose HTTP threads are at +5), because in life attackers do
 *         not compute on the machine they attack.
 */
import os from "node:os";

os.setPriority(10);
let attack;

async function obey(message) {
  if (message.type === "load") {
    const module = await import(message.module);
    attack = () => module.attack(message.options, message.index);
    process.send({ type: "ready" });
  } else if (message.type === "go") {
    process.send({ type: "result", value: await attack() });
  }
}

process.on("message", (message) => {
  obey(message).catch((error) => process.send({ type: "error", value: error.stack }));
});
process.on("disconnect", () => process.exit(0));
