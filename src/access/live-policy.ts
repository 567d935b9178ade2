import type { PolicyReader, StoredPolicy } from "../model/policy.ts";
import { type RoleCatalogue, roleCatalogue } from "../model/role-catalogue.ts";
import type { Settings } from "../options.ts";

/** Who may do what, from the configuration and the database together, at one moment. */
export interface Policy {
  /** That of the database; another number after every change there. */
  readonly version: number;
  readonly roles: RoleCatalogue;
}

/**
 * The policy as it is now. Whoever is asked to decide says how new it has to be, so that nothing is ever decided by
 * something older; what was read is kept for as long as it is the newest.
 */
export interface LivePolicy {
  /** What the code alone declares: nothing has to be read for it, and no administrator changes it. */
  readonly configured: RoleCatalogue;
  /** At least as new as a version that was read just now. Answers at once when that is the one that is known. */
  since(version: number): Policy | Promise<Policy>;
  /** As it is now, for what changes nothing. */
  latest(): Promise<Policy>;
  /**
   * As it is in a transaction, and stays until its end: what is decided by it is still true when it commits. Before any
   * other lock is taken.
   */
  within(tx: { readonly policy: PolicyHold }): Promise<Policy>;
}

/** What a transaction does to decide by the policy. */
export interface PolicyHold extends PolicyReader {
  hold(): Promise<void>;
}

/** Knows nothing of the database until it is asked. */
export function createLivePolicy(
  settings: Pick<Settings, "roles">,
  store: { readonly policy: PolicyReader },
): LivePolicy {
  const configured = roleCatalogue(settings.roles);
  let known: Policy | null = null;
  let reading: Promise<Policy> | null = null;

  const build = ({ version, roles }: StoredPolicy): Policy => ({
    version,
    roles: roleCatalogue(settings.roles, roles),
  });

  async function read(): Promise<Policy> {
    known = build(await store.policy.read());
    return known;
  }

  /** Many may ask at once, right after a change: they share one read. */
  function join(): Promise<Policy> {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  async function reach(version: number): Promise<Policy> {
    const joined = await join();
    // The one that was under way may have begun before the change; the next begins after it.
    return joined.version === version ? joined : join();
  }

  return {
    configured,
    since: (version) => (known !== null && known.version === version ? known : reach(version)),
    latest: async () => {
      const version = await store.policy.version();
      return known !== null && known.version === version ? known : reach(version);
    },
    within: async ({ policy }) => {
      await policy.hold();
      const version = await policy.version();
      // Not kept: in a transaction that has changed it, nobody knows yet whether that will count.
      return known !== null && known.version === version ? known : build(await policy.read());
    },
  };
}
