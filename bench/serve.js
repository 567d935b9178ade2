/**
 * One target in a process of its own: `node serve.js <file> <settings as JSON>`. Says by IPC when it listens and how people
 * sign in, and answers what it has used. JavaScript and nothing imported, so that its start is the target's.
 */

import { readFileSync } from "node:fs";

const [file, settings] = process.argv.slice(2);
let target = {};

const ANSWERS = {
  /** CPU so far, in microseconds: all threads, or all processes of a server that is not Node. */
  cpu: () => (target.processes ? sum(target.processes().map(ticksOf)) : cpuOf(process.cpuUsage())),
  /** Resident memory in bytes; of several processes each page once. */
  memory: () =>
    target.processes ? sum(target.processes().map(proportionalSizeOf)) : process.memoryUsage.rss(),
  /** Puts so many more sessions into the store; answers cookies of some of them. */
  populate: ({ from, count }) => target.populate(from, count),
};

process.on("message", async ({ id, ask, argument }) => {
  try {
    process.send({ id, answer: await ANSWERS[ask](argument) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
process.on("disconnect", () => process.exit());

try {
  const { start } = await import(file);
  const launcher = performance.now();
  target = await start(JSON.parse(settings));
  const { signIn, processes, populate } = target;
  // A server that is not Node begins when it is started, not when we are.
  process.send({ ready: { signIn, launcher: processes ? launcher : 0, populates: populate !== undefined } });
} catch (error) {
  process.send(error.name === "Unavailable" ? { unavailable: error.message } : { failed: error.stack });
  process.disconnect();
}

function cpuOf({ user, system }) {
  return user + system;
}

/** Microseconds; the kernel counts in hundredths of a second. */
function ticksOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function proportionalSizeOf(pid) {
  const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"));
  return Number(kilobytes) * 1024;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
