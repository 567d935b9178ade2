import type { Log } from "../model/log.ts";
import { sqlState } from "./postgres-errors.ts";

/**
 * Whether statements may be prepared under a name, so that the server parses and plans each once per connection. Poolers
 * that lend a connection for one transaction each may hand us one that has never heard the name, or has heard it from
 * somebody else. Then nothing is prepared any more, for as long as this process runs.
 */
export interface PreparedNames {
  /** The name to say, `null` = none. */
  allow(name: string | null): string | null;
  /** Gives names up when that is what went wrong. */
  learnFrom(error: unknown): void;
}

/** SQLSTATE (PostgreSQL documentation, appendix A): `invalid_sql_statement_name`, `duplicate_prepared_statement`. */
const UNKNOWN_OR_TAKEN = ["26000", "42P05"];

export function preparedNames(log: Log): PreparedNames {
  let given = true;
  return {
    allow: (name) => (given ? name : null),
    learnFrom: (error) => {
      if (!given || !isNameTrouble(error)) return;
      given = false;
      log.info(
        {},
        "Something between Postern and PostgreSQL keeps no prepared statements: from now on each is said anew.",
      );
    },
  };
}

/** For connections that say hardly anything twice: nothing is gained there, and a pooler could only be in the way. */
export const NO_NAMES: PreparedNames = { allow: () => null, learnFrom() {} };

/** A name was not what we thought: nothing has been done, and without names the same can be said again. */
export function isNameTrouble(error: unknown): boolean {
  return UNKNOWN_OR_TAKEN.includes(sqlState(error) ?? "");
}
