import { expect } from "vitest";
import { PosternError } from "../../../src/errors.ts";
import { effectiveRoles } from "../../../src/model/role.ts";
import { rolesAt, type State, toldSince } from "./state.ts";
import type { Step } from "./step.ts";

/** A step may be refused for these reasons; anything else is a defect. */
const REFUSALS = [
  ...["last_owner", "user_not_found", "permission_denied", "merge_refused"],
  ...["last_identity", "identity_not_found", "unknown_role", "role_exists", "role_in_use"],
  ...["rules_changed", "rule_not_found", "rule_invalid", "would_lock_out"],
  ...["invite_unknown", "invite_used", "invite_revoked", "request_not_found", "request_decided"],
];

export function expectRefusal(reason: unknown): void {
  if (!(reason instanceof PosternError)) throw reason;
  expect(REFUSALS, String(reason.cause ?? reason)).toContain(reason.code);
}

/** What only administrators do, and with the role owner only owners. */
const GUARDED: readonly Step["verb"][] = [
  ...(["suspend", "reactivate", "delete", "restore"] as const),
  ...(["grant", "revoke", "promise", "merge", "invite", "revoke-invitation", "approve"] as const),
  ...(["decline", "reopen", "make-role", "change-role", "remove-role"] as const),
  ...(["add-rule", "switch-rule", "remove-rule"] as const),
];

/** Whoever may not do it changes nothing, and whoever may is never told otherwise. For a step that was alone. */
export function expectPermitted(
  { verb }: Step,
  actor: string,
  before: State,
  after: State,
  refusal: unknown,
): void {
  const rank = rankOf(before, actor);
  if (rank === "owner")
    expect(refusal instanceof PosternError ? refusal.code : null).not.toBe("permission_denied");
  if (!GUARDED.includes(verb)) return;
  const told = toldSince(before, after).filter((event) => event.actor === actor);
  if (rank === null) expect(told.map(({ action }) => action)).toEqual([]);
  if (rank === "admin")
    for (const { action, detail } of told)
      expect(JSON.stringify(detail), `what ${action} tells of an administrator`).not.toContain('"owner"');
}

function rankOf(before: State, actor: string): "owner" | "admin" | null {
  if (!actor.startsWith("usr_")) return "owner";
  if (before.users.get(actor) !== "active") return null;
  const held = effectiveRoles(rolesAt(before, actor));
  return held.has("owner") ? "owner" : held.has("admin") ? "admin" : null;
}
