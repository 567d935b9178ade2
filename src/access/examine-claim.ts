import type { ClaimValue } from "../model/access-rule.ts";
import { matchPattern } from "./match-pattern.ts";
import { cannotTell, notKnownHere, plainly, type Told } from "./told.ts";

/** Longest text that a pattern is held against, in UTF-16 units. */
const MOST_TEXT = 4096;

type Claims = Readonly<Record<string, unknown>>;

/**
 * Holds `{ path, equals | in | contains | matches }` against what the provider said. Compares exactly: `"5"` is not 5,
 * and no letter is taken for another. `claims` is left out where nobody knows them.
 */
export function examineClaim(condition: unknown, claims: Claims | undefined): Told {
  const operators = isRecord(condition) ? Object.keys(condition).filter((key) => key !== "path") : [];
  const [operator = ""] = operators;
  if (!isRecord(condition) || operators.length !== 1 || !Object.hasOwn(OPERATORS, operator)) {
    return cannotTell("malformed");
  }
  const names = namesOf(condition.path);
  if (names === null) return cannotTell("malformed");
  if (claims === undefined) return notKnownHere();
  const found = valueAt(claims, names);
  if (found === undefined || found === null) return cannotTell("absent");
  return OPERATORS[operator as keyof typeof OPERATORS](found, condition[operator]);
}

const OPERATORS = {
  equals(found: unknown, wanted: unknown): Told {
    if (!isClaimValue(wanted)) return cannotTell("malformed");
    return typeof found === typeof wanted
      ? plainly(found === wanted, found)
      : cannotTell("wrong_type", found);
  },

  in(found: unknown, wanted: unknown): Told {
    if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every(isClaimValue)) {
      return cannotTell("malformed");
    }
    return wanted.some((one) => typeof one === typeof found)
      ? plainly(
          wanted.some((one) => one === found),
          found,
        )
      : cannotTell("wrong_type", found);
  },

  contains(found: unknown, wanted: unknown): Told {
    if (!isClaimValue(wanted)) return cannotTell("malformed");
    // A list that is only partly what it should be is not half believed.
    return Array.isArray(found) && found.every((one) => typeof one === typeof wanted)
      ? plainly(found.includes(wanted), found)
      : cannotTell("wrong_type", found);
  },

  matches(found: unknown, pattern: unknown): Told {
    if (typeof pattern !== "string" || pattern === "") return cannotTell("malformed");
    if (typeof found !== "string") return cannotTell("wrong_type", found);
    if (found.length > MOST_TEXT) return cannotTell("malformed", found);
    return plainly(matchPattern(pattern, found), found);
  },
};

function namesOf(path: unknown): readonly string[] | null {
  const names: unknown = typeof path === "string" ? path.split(".") : path;
  if (!Array.isArray(names) || names.length === 0) return null;
  return names.every((name) => typeof name === "string" && name !== "") ? names : null;
}

/** By own keys of objects only: nothing is inherited, and a place in a list is no name. */
function valueAt(claims: Claims, names: readonly string[]): unknown {
  let inner: unknown = claims;
  for (const name of names) {
    if (!isRecord(inner) || !Object.hasOwn(inner, name)) return undefined;
    inner = inner[name];
  }
  return inner;
}

function isClaimValue(value: unknown): value is ClaimValue {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
