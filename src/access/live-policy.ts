import { type ListedRule, listRules, rulesInForce } from "../model/listed-rule.ts";
import type { Log } from "../model/log.ts";
import type { PolicyReader, StoredPolicy } from "../model/policy.ts";
import { type RoleCatalogue, roleCatalogue } from "../model/role-catalogue.ts";
import type { RuleVocabulary } from "../model/rule-vocabulary.ts";
import type { StoredRole } from "../model/stored-role.ts";
import type { Settings } from "../options.ts";
import type { AccessPolicy } from "./decide-access.ts";

/** Who may enter and do what, from the configuration and the database together, at one moment. */
export interface Policy extends AccessPolicy {
  /** That of the database; another number after every change there. */
  readonly version: number;
  readonly roles: RoleCatalogue;
  /** Those that administrators have made, by name; the configuration may have one of the same name, which then counts. */
  readonly stored: readonly StoredRole[];
  /** Every access rule, whether it counts or not; `access` holds those that do. */
  readonly rules: readonly ListedRule[];
}

/** What of the configuration belongs to it. */
export type ConfiguredPolicy = Pick<Settings, "roles" | "permissions" | "access" | "owners" | "providers">;

/** Puts what is configured and what is kept together. */
export function policyOf(settings: ConfiguredPolicy, { version, roles, rules }: StoredPolicy): Policy {
  const catalogue = roleCatalogue(settings.roles, roles, keysOf(settings));
  const listed = listRules(settings.access, rules, vocabularyOf(settings, catalogue));
  return {
    version,
    roles: catalogue,
    stored: roles,
    owners: settings.owners,
    rules: listed,
    access: rulesInForce(listed),
  };
}

function keysOf({ permissions }: Pick<Settings, "permissions">): readonly string[] {
  return permissions.map(({ key }) => key);
}

/** What rules may name. */
export function vocabularyOf(
  { providers }: Pick<Settings, "providers">,
  { roles }: Pick<RoleCatalogue, "roles">,
): RuleVocabulary {
  return { providers: providers.map(({ id, membership }) => ({ id, checks: membership ?? {} })), roles };
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
  settings: ConfiguredPolicy & Pick<Settings, "log">,
  store: { readonly policy: PolicyReader },
): LivePolicy {
  const configured = roleCatalogue(settings.roles, [], keysOf(settings));
  let known: Policy | null = null;
  let reading: Promise<Policy> | null = null;

  async function read(): Promise<Policy> {
    known = policyOf(settings, await store.policy.read());
    tellBroken(known, settings.log);
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
      // Done in this order: the version is read once nobody can change it any more.
      const [, version] = await Promise.all([policy.hold(), policy.version()]);
      // Not kept: in a transaction that has changed it, nobody knows yet whether that will count.
      return known !== null && known.version === version ? known : policyOf(settings, await policy.read());
    },
  };
}

/** A rule that keeps everybody out because nobody can read it must not be a riddle. */
function tellBroken({ rules, version }: Policy, log: Log): void {
  for (const { name, enabled, problems } of rules) {
    if (!enabled || problems.length === 0) continue;
    log.error({ rule: name, version, problems }, "An access rule no longer makes sense: it lets nobody in.");
  }
}
