import type { ApiKeyState } from "../../model/api-key.ts";

/** What the commands about API keys say, in English. */
export const apiKeys = {
  notFound: (id: string) => `There is no API key "${id}".`,
  notFoundHint: 'All of them: postern api-keys list. The id of a key "pst_01k…_…" is "key_01k…".',
  notALifetime: (value: string) =>
    `--expires is "${value}"; write minutes, hours or days from 1m to 365d, such as 90d.`,
  notAName: "The name of an API key is 1 to 100 characters on one line.",
  isSuspended: (who: string) => `Refused: ${who} is suspended, so a key of theirs would open nothing.`,
  hasNoWayIn: (who: string) =>
    `Refused: ${who} has no account at a provider that is configured, so a key of theirs would open nothing.`,
  lacks: (who: string, permissions: string) =>
    `Refused: a key can do no more than its person, and ${who} does not have all of ${permissions}.`,
  states: { active: "active", expired: "expired", revoked: "revoked" } satisfies Record<ApiKeyState, string>,
  headings: {
    id: "ID",
    state: "STATE",
    name: "NAME",
    whose: "OF",
    permissions: "PERMISSIONS",
    until: "UNTIL",
    used: "LAST USED",
  },
  wouldCreate: (name: string, who: string, permissions: string) =>
    `Would make the key "${name}" of ${who} for ${permissions}.`,
  created: (name: string, who: string, permissions: string) =>
    `The key "${name}" of ${who}, for ${permissions}:`,
  until: (time: string, id: string) =>
    `Until ${time}. It is shown this once; only its hash is kept. To end it: postern api-keys revoke ${id}`,
  wouldRevoke: (name: string) => `Would revoke the key "${name}".`,
  revoked: (name: string) => `The key "${name}" opens nothing any more.`,
  revokedAlready: (name: string) => `The key "${name}" was revoked already; nothing changed.`,
};
