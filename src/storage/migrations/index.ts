import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";
import { up as foundation } from "./0001-foundation.ts";
import { up as lifecycle } from "./0002-lifecycle.ts";
import { up as invitations } from "./0003-invitations.ts";
import { up as requests } from "./0004-requests.ts";
import { up as roles } from "./0005-roles.ts";
import { up as accessRules } from "./0006-access-rules.ts";
import { up as tokens } from "./0008-tokens.ts";
import { up as providerSessions } from "./0009-provider-sessions.ts";
import { up as apiKeys } from "./0010-api-keys.ts";
import { up as webhookDeliveries } from "./0012-webhook-deliveries.ts";
import { up as rechecks } from "./0013-rechecks.ts";
import { up as housekeeping } from "./0014-housekeeping.ts";
import { up as userSearch } from "./0015-user-search.ts";
import { up as plainRechecks } from "./0016-plain-rechecks.ts";

/** One step from an older shape of the tables to a newer one. */
export interface Migration {
  /** Sorts by order of running; kept for ever in the database. */
  readonly name: string;
  readonly up: (db: Kysely<unknown>, ddl: Ddl) => Promise<void>;
}

/** Every migration of this version, in order. Append only. */
export const MIGRATIONS: readonly Migration[] = [
  { name: "0001-foundation", up: foundation },
  { name: "0002-lifecycle", up: lifecycle },
  { name: "0003-invitations", up: invitations },
  { name: "0004-requests", up: requests },
  { name: "0005-roles", up: roles },
  { name: "0006-access-rules", up: accessRules },
  { name: "0008-tokens", up: tokens },
  { name: "0009-provider-sessions", up: providerSessions },
  { name: "0010-api-keys", up: apiKeys },
  { name: "0012-webhook-deliveries", up: webhookDeliveries },
  { name: "0013-rechecks", up: rechecks },
  { name: "0014-housekeeping", up: housekeeping },
  { name: "0015-user-search", up: userSearch },
  { name: "0016-plain-rechecks", up: plainRechecks },
];
