import type { ShownApiKey } from "../index.ts";
import { apiKeyState, LONGEST_API_KEY } from "../model/api-key.ts";
import type { User } from "../model/user.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { readTime } from "./lifetime.ts";
import { rfc3339 } from "./people.ts";
import { printable } from "./printable.ts";

/** An API key as `--json` shows it: never its secret. Times are RFC 3339 in UTC. */
export function apiKeyDocument(key: ShownApiKey, person: User | null): object {
  const { id, userId, name, permissions, createdBy, reason, revokedBy } = key;
  const time = (at: number | null) => (at === null ? null : rfc3339(at));
  return {
    id,
    name,
    state: apiKeyState(key, Date.now()),
    permissions,
    user: {
      id: userId,
      name: person?.name ?? null,
      email: person?.email ?? null,
      status: person?.status ?? null,
    },
    createdAt: time(key.createdAt),
    createdBy,
    reason,
    expiresAt: time(key.expiresAt),
    lastUsedAt: time(key.lastUsedAt),
    revokedAt: time(key.revokedAt),
    revokedBy,
  };
}

/** `--name`. @throws CliFailure `missing_value` */
export function readName({ flags: { name } }: Invocation): string {
  if (name !== undefined && name.trim() !== "") return name;
  throw new CliFailure("missing_value", (words) => words.missingValue("--name <name>"));
}

/** `--expires` in milliseconds; `undefined` = not given. @throws CliFailure `invalid_argument` */
export function readKeyLifetime({ flags: { expires } }: Invocation): number | undefined {
  if (expires === undefined) return undefined;
  const lifetime = readTime(expires, LONGEST_API_KEY);
  if (lifetime !== null) return lifetime;
  throw new CliFailure("invalid_argument", (words) => words.apiKeys.notALifetime(printable(expires)));
}
