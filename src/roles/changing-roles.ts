import type { Policy } from "../access/live-policy.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { StoredRoleWriter } from "../model/stored-role.ts";
import type { Runtime } from "../runtime.ts";

/** What changing a role works with. */
export type ChangingRuntime = Pick<Runtime, "settings" | "store" | "policy" | "sessionCache" | "now">;

/** Who changes a role, and how. */
export interface RoleChangeTerms {
  /** A user id, or what the audit log calls whoever does it. */
  readonly actor: string;
  /** In their own words, for the audit log. */
  readonly reason?: string | undefined;
  /** Finds everything that would be refused, and changes nothing. */
  readonly dryRun?: boolean | undefined;
}

/** The same for a role that is to be. */
export interface RoleCreationTerms extends RoleChangeTerms {
  /**
   * Whoever still holds an earlier role of that name, or would be given it, has the new one. Default false: then it is
   * refused while there is anybody.
   */
  readonly adopt?: boolean | undefined;
}

/** The same for a role that comes out of a file. */
export interface RoleImportTerms extends RoleChangeTerms {
  readonly imported?: {
    /** `imp_…` */
    readonly id: string;
    /** When it was made where it comes from, in milliseconds since the epoch; `null` = not told. */
    readonly createdAt: number | null;
  };
}

/** Carries the answer out of a transaction that is not to count. */
class Rehearsed<T> extends Error {
  readonly answer: T;

  constructor(answer: T) {
    super("rehearsed");
    this.answer = answer;
  }
}

/**
 * Changes roles in one transaction, alone: nobody decides by them meanwhile. With `dryRun` the very same is done and taken
 * back, so that what is foreseen is what would happen. Every session is read anew afterwards.
 */
export async function changingRoles<T>(
  runtime: ChangingRuntime,
  { dryRun = false }: Pick<RoleChangeTerms, "dryRun">,
  work: (tx: StoreTransaction, roles: StoredRoleWriter, before: Policy) => Promise<T>,
): Promise<T> {
  try {
    const answer = await runtime.store.transaction(async (tx) => {
      const { roles } = await tx.policy.change();
      const done = await work(tx, roles, await runtime.policy.within(tx));
      if (dryRun) throw new Rehearsed(done);
      return done;
    });
    runtime.sessionCache.clear();
    return answer;
  } catch (error) {
    if (error instanceof Rehearsed) return error.answer;
    throw error;
  }
}
