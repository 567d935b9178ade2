import { type AccessRule, membershipsOf } from "../model/access-rule.ts";

/** The membership checks of a provider that some rule uses: what they need is asked for at every sign-in. */
export function usedChecks(access: readonly AccessRule[], provider: string): readonly string[] {
  const own = access.flatMap((rule) => membershipsOf(rule.when)).filter((one) => one.provider === provider);
  return [...new Set(own.map(({ check }) => check))];
}
