import type { Log } from "../../model/log.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import type { AppToken } from "./app-token.ts";

/** What the way from the callback to a person works with. */
export interface Deps {
  readonly outbound: Outbound;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** `null` where the provider has none. */
  readonly appToken: AppToken | null;
}
