import type { Log } from "../model/log.ts";
import type { Gate } from "./gate.ts";

/** The application's own server, such as what `createServer`, Express' `listen` and Hono's `serve` answer. */
export interface ClosableServer {
  close(done: (error?: Error) => void): unknown;
  closeIdleConnections?(): void;
  closeAllConnections?(): void;
  prependListener?(event: "request", listener: (request: unknown, response: AnswerHead) => void): unknown;
}

interface AnswerHead {
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
}

export interface CloseOptions {
  /** Milliseconds after which it ends whatever still goes on. Default 10 seconds. */
  readonly deadline?: number | undefined;
  /**
   * Milliseconds for which requests are still served after `/auth/health/ready` has begun to say no: the time that a load
   * balancer needs to look elsewhere. They count towards the deadline. Default 0.
   */
  readonly notice?: number | undefined;
  /** Takes no new connections from then on; what it has begun is finished before the database is let go. Default none. */
  readonly server?: ClosableServer | undefined;
}

/** What there is to end. */
export interface House {
  readonly gate: Gate;
  readonly log: Log;
  /** Work that may end while requests are still served, by its name in the log. */
  readonly background: Readonly<Record<string, () => Promise<unknown>>>;
  /** What requests need, ended in this order when there are none any more; the store last. */
  readonly foundations: Readonly<Record<string, () => Promise<unknown>>>;
}

const DEADLINE = 10_000;
/** Of the deadline, for writing what is to be written when requests have taken all the time there was. Milliseconds. */
const RESERVE = 1_000;
/** What a timer can wait, in milliseconds; anything longer it takes for nothing. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** How often connections that have become idle are hung up, in milliseconds: a server that closes keeps them otherwise. */
const HANG_UP_EVERY = 50;

/**
 * Ends an instance in good order: says that it goes, takes nobody new, finishes what was begun, lets go of the database.
 * At the deadline it ends all the same, and the log says what was cut. Never rejects.
 */
export async function shutDown(house: House, options: CloseOptions = {}): Promise<void> {
  const { deadline = DEADLINE, notice = 0, server } = options;
  const { gate, log } = house;
  const began = performance.now();
  const left = () => began + deadline - performance.now();
  const going = new Set<string>();
  const end = async (name: string, work: () => Promise<unknown>) => {
    going.add(name);
    await work().catch((error: unknown) =>
      log.error({ err: error, part: name }, "a part could not be ended"),
    );
    going.delete(name);
  };

  gate.become("leaving");
  if (notice > 0) await within(new Promise(() => {}), Math.min(notice, left() - RESERVE));

  gate.become("closing");
  const served: Promise<void>[] = [end("requests", () => gate.emptied())];
  if (server !== undefined) served.push(end("connections", () => closeServer(server)));
  for (const [name, work] of Object.entries(house.background)) served.push(end(name, work));
  await within(Promise.all(served), left() - Math.min(RESERVE, deadline / 4));
  const cut = [...going];
  const requests = gate.inside;

  gate.become("closed");
  if (cut.length > 0) server?.closeAllConnections?.();
  const released = (async () => {
    for (const [name, work] of Object.entries(house.foundations)) await end(name, work);
  })();
  if (!(await within(released, left()))) cut.push(...[...going].filter((name) => !cut.includes(name)));
  const milliseconds = Math.round(performance.now() - began);
  if (cut.length > 0)
    log.warn({ cut, requests, milliseconds }, "closed at the deadline: something was cut off");
  else log.info({ milliseconds }, "closed");
}

/** Resolves when the last connection has ended. A server that does not listen any more is closed already. */
async function closeServer(server: ClosableServer): Promise<void> {
  // Whoever keeps asking on a connection that stands is to look elsewhere: such a connection is never idle.
  server.prependListener?.("request", (_request, response) => {
    if (!response.headersSent) response.setHeader("connection", "close");
  });
  const hangUp = setInterval(() => server.closeIdleConnections?.(), HANG_UP_EVERY);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  clearInterval(hangUp);
}

/** Answers whether the work has ended in time. */
async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER), false);
  });
  try {
    return await Promise.race([work.then(() => true), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
