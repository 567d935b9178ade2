import { existsSync } from "node:fs";
import { type Policy, policyOf } from "../access/live-policy.ts";
import { PosternError } from "../errors.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { StoredPolicy } from "../model/policy.ts";
import type { Settings } from "../options.ts";
import { openStore } from "../storage/open-store.ts";
import type { Invocation } from "./invocation.ts";
import { databaseFile } from "./place.ts";

/**
 * The access rules that count, of the configuration and of the database, for commands that need no database otherwise.
 * Where it cannot be read, those of the configuration alone, and that is said.
 */
export async function policyInForce({ out, words }: Invocation, settings: Settings): Promise<Policy> {
  return policyOf(settings, await readStored(settings, () => out.complain(words.access.onlyConfigured)));
}

async function readStored({ database, now }: Settings, tell: () => void): Promise<StoredPolicy> {
  const nothing: StoredPolicy = { version: 0, roles: [], rules: [] };
  const file = databaseFile(database);
  // Looking must not make one, and nobody has kept rules in what is not there.
  if (file !== null && !existsSync(file)) return nothing;
  try {
    const store = await openStore(database, { now, log: SILENT_LOG });
    return await store.policy.read().finally(() => store.close());
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    tell();
    return nothing;
  }
}
