import type { Agent } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";

/**
 * Connections that stand, and when each was last used. Node does not tell a request from the agent's queue that it was
 * handed a used one.
 */
const lastUsed = new WeakMap<Socket, number>();

export function noteUse(socket: Socket): void {
  lastUsed.set(socket, performance.now());
}

/** False for one that is still being made. */
export function isStanding(socket: Socket): boolean {
  return lastUsed.has(socket);
}

/**
 * Ends the connections that have idled for more than so many milliseconds, just before a request might take one. The
 * agent's own timers do the same, but they are late in a process that was busy, or stood still: then the server has hung
 * up, or is about to, and a token request that gets lost must not be sent twice.
 */
export function endStale({ freeSockets }: Agent, idle: number): void {
  const now = performance.now();
  for (const socket of Object.values(freeSockets).flat()) {
    if (socket !== undefined && now - (lastUsed.get(socket) ?? now) > idle) socket.destroy();
  }
}
