import { setTimeout } from "node:timers/promises";
import type { Log } from "../model/log.ts";
import type { RedisPlace } from "../model/redis-address.ts";
import { openRedisConnection, type RedisCommands, type RedisConnection } from "./redis-connection.ts";

/** A connection that is kept up, and asked for nothing while it does not answer. */
export interface RedisLink {
  /** Connects at the first need otherwise. */
  start(): void;
  /** True while it answers. */
  readonly isUp: boolean;
  /** Runs a command if it is up. @throws Error when it is not, refuses, or does not answer in time */
  run<T>(command: (redis: RedisCommands) => Promise<T>): Promise<T>;
  /**
   * Publishes on the channel, also where answers are slow. Waits until it is connected, at most so many milliseconds.
   * @throws Error as `run` does
   */
  tell(message: string, milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface RedisLinkOptions {
  readonly place: RedisPlace;
  /** Asked when it connects and when it publishes. */
  readonly channel: () => string;
  readonly log: Log;
  /** A message that proves that we are heard when it comes back. */
  readonly beat: () => string;
  /** Milliseconds until the next one. */
  readonly pause: () => number;
  /** What is told on the channel. Answers when it was sent, if it is a beat of ours (`performance.now`). */
  readonly hear: (message: string) => number | null;
}

/** Milliseconds for one command. */
const COMMAND_TIMEOUT = 200;
/** A beat that takes longer to come back (milliseconds) says that asking would cost more than it saves. */
const SLOW = 100;
/** Milliseconds that a beat of ours may take to come back before we connect anew. */
const DEAF = 2_000;
/** Commands under way at once; the next is not even tried. */
const MOST_UNDER_WAY = 1_000;
/** Milliseconds until the first new attempt; each waits twice as long as the one before. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/**
 * Keeps a connection to Redis. Beats are sent on it and have to come back: a server that hangs, a half-open connection
 * and a failover that forgot us all look the same, and are met by connecting anew. One command without an answer is
 * enough to ask no more until a beat comes back.
 */
export function createRedisLink(options: RedisLinkOptions): RedisLink {
  const { place, channel, beat, pause: untilNext, hear } = options;
  const closing = new AbortController();
  const told = outageLog(options.log);
  let connection: RedisConnection | null = null;
  let answers = false;
  let underWay = 0;
  let working: Promise<void> | null = null;
  let turn = Promise.withResolvers<boolean>();

  const pause = (milliseconds: number) =>
    setTimeout(milliseconds, undefined, { ref: false, signal: closing.signal }).catch(() => {});

  /** For those who wait to hear whether it can be had. */
  function announce(connected: boolean): void {
    turn.resolve(connected);
    turn = Promise.withResolvers();
  }

  async function work(): Promise<void> {
    let waiting = FIRST_PAUSE;
    while (!closing.signal.aborted) {
      try {
        await stayConnected(() => {
          waiting = FIRST_PAUSE;
        });
      } catch (error) {
        if (!closing.signal.aborted) told.trouble(error);
      }
      answers = false;
      announce(false);
      await pause(waiting * (0.5 + Math.random() / 2));
      waiting = Math.min(2 * waiting, LONGEST_PAUSE);
    }
  }

  /** Until it is closed. @throws when the connection is lost or nothing comes back */
  async function stayConnected(proven: () => void): Promise<void> {
    let beatSince: number | null = null;
    const opened = await openRedisConnection(place, {
      channel: channel(),
      closing: closing.signal,
      hear: (message) => {
        const sentAt = hear(message);
        if (sentAt === null || connection === null) return;
        beatSince = null;
        answers = performance.now() - sentAt < SLOW;
        proven();
        told.recovery();
      },
    });
    connection = opened;
    told.connected();
    announce(true);
    const { promise: failed, reject: fail } = Promise.withResolvers<never>();
    failed.catch(() => {});
    opened.lost.then(() => fail(new Error("The connection was lost.")));
    try {
      while (!closing.signal.aborted) {
        beatSince ??= performance.now();
        opened.publish(channel(), beat()).catch(fail);
        await Promise.race([failed, pause(untilNext())]);
        if (beatSince !== null && performance.now() - beatSince > DEAF) throw new Error(NOTHING_COMES_BACK);
      }
    } finally {
      connection = null;
      answers = false;
      opened.close();
    }
  }

  async function run<T>(command: (redis: RedisCommands) => Promise<T>): Promise<T> {
    if (!answers) throw new Error(AWAY);
    return ask(command);
  }

  async function ask<T>(command: (redis: RedisCommands) => Promise<T>): Promise<T> {
    if (connection === null || underWay >= MOST_UNDER_WAY) throw new Error(AWAY);
    underWay++;
    const answer = command(connection).finally(() => {
      underWay--;
    });
    try {
      return await inTime(answer, COMMAND_TIMEOUT);
    } catch (error) {
      if (error instanceof Late) answers = false;
      told.refusal(error);
      throw error;
    }
  }

  function start(): void {
    if (!closing.signal.aborted) working ??= work();
  }

  return {
    start,
    get isUp() {
      return answers;
    },
    run,
    async tell(message, milliseconds) {
      start();
      // An attempt that has just failed is not waited for again.
      const mayCome = connection === null && !closing.signal.aborted && !told.isTroubled();
      if (mayCome) await inTime(turn.promise, milliseconds);
      await ask((redis) => redis.publish(channel(), message));
    },
    async close() {
      closing.abort();
      connection?.close();
      await working;
    },
  };
}

const AWAY = "Redis does not answer at the moment.";
const NOTHING_COMES_BACK = `It is connected, but what is published did not come back for ${DEAF / 1_000} seconds.`;

class Late extends Error {}

/** @throws Late when the answer takes longer than so many milliseconds. */
async function inTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = globalThis.setTimeout(() => reject(new Late(AWAY)), milliseconds);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** One warning for each outage, and one for each connection on which something is refused. */
function outageLog(log: Log) {
  let troubled = false;
  let refused = false;
  return {
    isTroubled: () => troubled,
    trouble(error: unknown): void {
      if (!troubled)
        log.warn({ err: reasonOf(error) }, "Redis cannot be used; everything goes on without it.");
      troubled = true;
    },
    recovery(): void {
      if (troubled) log.info({}, "Redis can be used again.");
      troubled = false;
    },
    connected(): void {
      refused = false;
    },
    /** What the server says to one command, such as that its user may not give it. */
    refusal(error: unknown): void {
      if (troubled || refused || !isServerAnswer(error)) return;
      refused = true;
      log.warn({ err: reasonOf(error) }, "Redis refuses what it is asked; everything goes on without it.");
    },
  };
}

/** Such as `NOPERM …`; what the network or the client says begins otherwise. */
function isServerAnswer(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]{3,} /.test(error.message);
}

/** Of several addresses that were tried, the first one's reason. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
