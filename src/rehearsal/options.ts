import type { RehearsalClient } from "./clients.ts";
import type { DelayHook } from "./context.ts";

/** How to start a rehearsal; everything has a default that works. */
export interface RehearsalOptions {
  /** Default 0: the system picks one. */
  readonly port?: number | undefined;
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Needed to listen anywhere but on this machine. Default false. */
  readonly allowRemote?: boolean | undefined;
  /** The issuer, when it is not `http://localhost:<port>`. Plain http and without a path. */
  readonly publicUrl?: string | undefined;
  /** The only clients that exist. Default: any client id, with the secret `rehearsal-secret`. */
  readonly clients?: readonly RehearsalClient[] | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Resolves after so many milliseconds. Default a timer; `slow` and `drip` use it. */
  readonly wait?: ((milliseconds: number) => Promise<void>) | undefined;
  /** Awaited before every answer of every endpoint; `delay()` sets one for a single endpoint. */
  readonly delay?: DelayHook | undefined;
  /** Where `NODE_ENV` is read. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}
