import { asObject } from "../../oauth/json.ts";
import type { MembershipCheck, Sources } from "../hooks.ts";
import { at } from "./at.ts";

/**
 * A check that claims answer: a list of names, one name, or an object whose keys are the names. Userinfo is looked at
 * when the ID token has none. Without the claim it cannot be told: a missing mapper must not look like a plain no.
 */
export function claimMembership(example: string, path: string | readonly string[]): MembershipCheck {
  return { example, fromSources: (sources) => groupsOf(sources, path) };
}

function groupsOf(
  { idToken, userInfo }: Sources,
  path: string | readonly string[],
): readonly string[] | null {
  return namesIn(at(idToken, path)) ?? namesIn(at(userInfo, path));
}

function namesIn(value: unknown): readonly string[] | null {
  if (typeof value === "string" && value !== "") return [value];
  if (Array.isArray(value)) return value.filter((name) => typeof name === "string");
  const object = asObject(value);
  return object === null ? null : Object.keys(object);
}
