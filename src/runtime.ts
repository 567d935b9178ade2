import type { LivePolicy } from "./access/live-policy.ts";
import type { Sealer } from "./crypto/seal.ts";
import type { Limiter } from "./limits/limiter.ts";
import type { Log } from "./model/log.ts";
import type { Store } from "./model/store.ts";
import type { Operation } from "./operation/operation.ts";
import type { Settings } from "./options.ts";
import type { Provider } from "./providers/provider.ts";
import type { LastSeen } from "./sessions/last-seen.ts";
import type { SessionCache } from "./sessions/session-cache.ts";

/** What verbs work with. A verb asks only for what it uses: `Pick<Runtime, "store" | "now">`. */
export interface Runtime {
  readonly settings: Settings;
  readonly store: Store;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Roles and what they give: from the configuration and the database. */
  readonly policy: LivePolicy;
  readonly sessionCache: SessionCache;
  readonly lastSeen: LastSeen;
  readonly sealer: Sealer;
  readonly limits: Limiter;
  /** What whoever runs it wants to know of it, and how it ends. */
  readonly operation: Operation;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}
