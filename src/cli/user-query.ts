import type { UserListQuery } from "../model/user.ts";
import { nearest } from "../web/nearest.ts";
import { CliFailure } from "./failure.ts";

export type UserFilter = Omit<UserListQuery, "limit" | "after">;

const KEYS = ["role", "status"];

/**
 * Reads a query such as `role:admin status:active wei`: spaces join, quotes keep words together, and what has no key is
 * looked for in names and e-mail addresses, from the beginning of a word. @throws CliFailure `unknown_filter`, `invalid_argument`
 */
export function readUserQuery(query: string): UserFilter {
  const filter: { role?: string; status?: "active" | "suspended" } = {};
  const text: string[] = [];
  for (const [, key, quoted, plain = ""] of query.matchAll(/(?:(-?[a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
    const value = quoted ?? plain;
    if (key === undefined) text.push(value);
    else if (key === "role") filter.role = value;
    else if (key === "status") filter.status = readStatus(value);
    else throw unknownFilter(key);
  }
  return text.length === 0 ? filter : { ...filter, text: text.join(" ") };
}

function readStatus(value: string): "active" | "suspended" {
  if (value === "active" || value === "suspended") return value;
  throw new CliFailure("invalid_argument", (words) => words.notOneOf("status:", value, "active, suspended"));
}

function unknownFilter(key: string): CliFailure {
  const guess = nearest(key, KEYS);
  return new CliFailure(
    "unknown_filter",
    (words) => words.unknownFilter(`${key}:`, guess === null ? null : `${guess}:`),
    { more: { filter: key, didYouMean: guess } },
  );
}
