import { nearest } from "../web/nearest.ts";
import type { ImportContext } from "./import-context.ts";
import type { CarriedRole, RowProblem } from "./transfer-record.ts";

/** Those whose end has not come meanwhile: a file may be old. */
export function stillToCome(roles: readonly CarriedRole[], now: number): readonly CarriedRole[] {
  return roles.filter(({ expiresAt }) => (expiresAt ?? Number.POSITIVE_INFINITY) > now);
}

/** What speaks against giving these roles by a file; `null` = nothing. */
export function checkRoles(
  { known, wish }: Pick<ImportContext, "known" | "wish">,
  wanted: readonly CarriedRole[],
): RowProblem | null {
  const unknown = wanted.find(({ role }) => !known.includes(role));
  if (unknown !== undefined)
    return { code: "role_unknown", about: unknown.role, guess: nearest(unknown.role, known) };
  const makesOwner = wanted.some(({ role }) => role === "owner");
  return makesOwner && wish.mayMakeOwners !== true ? { code: "owner_forbidden", about: "owner" } : null;
}
