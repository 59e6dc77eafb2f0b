// A house of one's own, that can be stopped without warning, backed up and restored.

import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const program = process.env.TIWIZI_PROGRAM;
const about = (data) => ({ ...process.env, TIWIZI_DATA: data, TIWIZI_LISTEN: "127.0.0.1:0" });

/** Runs `demo` or `serve` on this folder until it is ready. */
export async function start(command, data) {
  const child = spawn(program, [command], { env: about(data), stdio: ["ignore", "pipe", "ignore"] });
  const house = { accounts: {} };
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, role, login, password] = line.split(/\s+/);
    if (what === "account") house.accounts[role] = { login, password };
    if (what === "ready") {
      house.address = role.replace(/\/$/, "");
      break;
    }
  }
  if (!house.address) throw new Error(`tiwizi ${command} does not get ready`);
  child.stdout.resume();
  /** No farewell, no flush. */
  house.kill = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", resolve);
      child.kill("SIGKILL");
    });
  return house;
}

/** Runs a command of Tiwizi's to its end. */
export const run = (data, ...words) => execFileSync(program, words, { env: about(data), stdio: "pipe" }).toString();
