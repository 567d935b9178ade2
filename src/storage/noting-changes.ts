import type { PolicyReader, PolicyWriter } from "../model/policy.ts";
import type { RoleGrantReader, RoleGrantWriter } from "../model/role.ts";
import type { SessionReader, SessionWriter } from "../model/session.ts";
import type { Changed } from "../model/signals.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { UserReader, UserWriter } from "../model/user.ts";

/** A transaction that keeps in mind whose sessions may no longer be worth what they were. */
export interface NotingTransaction {
  readonly tx: StoreTransaction;
  /** Ends it. Answers what has been changed; an empty list = nothing that a session depends on. */
  readonly end: () => Changed;
}

/** More than these are told as everything. */
const MOST_NAMED = 100;

const NOBODY: Changed = [];
const EVERYTHING: Changed = null;

/** For every method that a writer has beyond its reader: whom it changes, by its answer and what it was given. */
type Notes<Writer, Reader> = {
  readonly [Name in Exclude<keyof Writer, keyof Reader>]: Writer[Name] extends (
    ...given: infer Given
  ) => Promise<infer Answer>
    ? (answer: Answer, ...given: Given) => Changed
    : never;
};

// THE TABLES. A method that is not in them does not compile: what would not be told would be believed for seconds.
const USERS: Notes<UserWriter, UserReader> = {
  // Nobody can have a session before they are there.
  insert: () => NOBODY,
  update: (_, id) => [id],
  lock: () => NOBODY,
  delete: (_, id) => [id],
  // Nothing that anybody could see.
  index: () => NOBODY,
};
const SESSIONS: Notes<SessionWriter, SessionReader> = {
  insert: () => NOBODY,
  touch: () => NOBODY,
  renew: (renewed, id) => (renewed ? [id] : NOBODY),
  delete: (deleted) => deleted.map(({ id }) => id),
  // Over by the clock of this process, which may be ahead of that of others.
  deleteExpired: (count, userId) => (count > 0 ? [userId] : NOBODY),
  deleteOfUser: (deleted) => deleted.map(({ id }) => id),
};
const GRANTS: Notes<RoleGrantWriter, RoleGrantReader> = {
  insert: (inserted, { userId }) => (inserted ? [userId] : NOBODY),
  change: (changed, { userId }) => (changed ? [userId] : NOBODY),
  delete: (deleted, { userId }) => (deleted ? [userId] : NOBODY),
  deleteOfRole: (deleted) => deleted.map(({ userId }) => userId),
  takeExpired: (taken) => taken.map(({ userId }) => userId),
  lockOwners: () => NOBODY,
};
const POLICY: Notes<PolicyWriter, PolicyReader> = {
  hold: () => NOBODY,
  change: () => EVERYTHING,
};

export function notingChanges(tx: StoreTransaction): NotingTransaction {
  const ids = new Set<string>();
  let everything = false;
  let ended = false;
  let underWay = 0;

  const run: Run = async (method, whom) => {
    if (ended) throw new Error("This transaction has ended: something in it was not awaited.");
    underWay++;
    const answer = await method();
    underWay--;
    const changed = whom(answer);
    if (changed === null) everything = true;
    else for (const id of changed) ids.add(id);
    return answer;
  };
  return {
    tx: {
      ...tx,
      users: noting(tx.users, USERS, run),
      sessions: noting(tx.sessions, SESSIONS, run),
      grants: noting(tx.grants, GRANTS, run),
      policy: noting(tx.policy, POLICY, run),
    },
    end: () => {
      ended = true;
      // What nobody waits for may still be committed.
      return everything || underWay > 0 || ids.size > MOST_NAMED ? EVERYTHING : [...ids];
    },
  };
}

type Method = (...given: unknown[]) => Promise<unknown>;
type Run = (method: () => Promise<unknown>, whom: (answer: unknown) => Changed) => Promise<unknown>;

function noting<Writer extends object>(
  writer: Writer,
  notes: { readonly [name: string]: (answer: never, ...given: never[]) => Changed },
  run: Run,
): Writer {
  const methods = writer as Readonly<Record<string, Method>>;
  const noted = Object.entries(notes).map(([name, whom]) => {
    const method = methods[name] as Method;
    const told: Method = (...given) =>
      run(
        () => method(...given),
        (answer) => whom(answer as never, ...(given as never[])),
      );
    return [name, told];
  });
  return { ...writer, ...Object.fromEntries(noted) };
}
