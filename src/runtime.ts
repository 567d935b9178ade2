import type { Sealer } from "./crypto/seal.ts";
import type { Log } from "./model/log.ts";
import type { Store } from "./model/store.ts";
import type { Settings } from "./options.ts";
import type { Provider } from "./providers/provider.ts";
import type { SessionCache } from "./sessions/session-cache.ts";

/** What verbs work with. A verb asks only for what it uses: `Pick<Runtime, "store" | "now">`. */
export interface Runtime {
  readonly settings: Settings;
  readonly store: Store;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly sessionCache: SessionCache;
  readonly sealer: Sealer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}
