import type { Store } from "../../../model/store.ts";

/** A store on a database of its own. */
export interface OpenedStore {
  readonly store: Store;
  /** Another handle on the same database, as another process would have it. */
  reopen(): Promise<Store>;
  /** Closes every handle and throws the database away. */
  close(): Promise<void>;
}

/** Gives the store of this test, its migrations run. */
export type Migrated = () => Promise<Store>;
