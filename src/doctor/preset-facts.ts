import type { ProviderDefinition } from "../providers/definition.ts";
import { isDiscovered } from "../providers/internal/server.ts";

/** What people compare providers by: a row of the table in the documentation and on the command line. */
export interface PresetFacts {
  readonly kind: ProviderDefinition["kind"];
  /** Whether the provider is asked where its endpoints are. */
  readonly discovered: boolean;
  readonly pkce: ProviderDefinition["checks"]["pkce"];
  /** `null` = not told. */
  readonly subject: string | null;
  readonly emailVerified: "yes" | "no" | "sometimes" | "no_email" | null;
  /** Whether a refresh token can be had, and whether each use gives a new one. */
  readonly refresh: "no" | "yes" | "rotates" | "stays";
  /** What access rules can ask. */
  readonly membership: readonly string[];
  /** Whether one can sign out there. */
  readonly signOut: boolean;
}

/** What a definition tells about its provider. */
export function presetFacts(definition: ProviderDefinition): PresetFacts {
  const { kind, checks, guide, lifecycle, membership = {} } = definition;
  return {
    kind,
    discovered: isDiscovered(definition),
    pkce: checks.pkce,
    subject: guide?.facts.subject ?? null,
    emailVerified: guide?.facts.emailVerified ?? null,
    refresh: refreshOf(lifecycle?.refresh ?? null),
    membership: Object.keys(membership),
    signOut: (lifecycle?.endSession ?? null) !== null,
  };
}

function refreshOf(refresh: NonNullable<ProviderDefinition["lifecycle"]>["refresh"]): PresetFacts["refresh"] {
  if (refresh === null) return "no";
  if (refresh.rotates === "unknown") return "yes";
  return refresh.rotates ? "rotates" : "stays";
}
