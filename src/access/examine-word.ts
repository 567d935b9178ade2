import type { AccessCondition, ConditionWord } from "../model/access-rule.ts";
import type { MembershipFact } from "../model/membership.ts";
import type { UserInfo } from "../model/user-info.ts";
import { emailDomain, foldDomain, foldEmail } from "./email.ts";
import { examineClaim } from "./examine-claim.ts";
import { cannotTell, notKnownHere, plainly, type Told } from "./told.ts";

/** Somebody whom a provider vouches for, as far as rules look at them. */
export interface AskedArrival {
  /** Provider instance id. */
  readonly provider: string;
  /** `issuer` and `claims` are left out where they are not known, such as for people who are not just arriving. */
  readonly userInfo: Pick<UserInfo, "subject" | "email" | "emailVerified"> &
    Partial<Pick<UserInfo, "issuer" | "claims">>;
  /** What the provider has answered so far; what was not asked cannot be told. */
  readonly facts: readonly MembershipFact[];
}

type Leaf = Exclude<ConditionWord, "all" | "any" | "not">;

/** Holds one word of a condition against somebody; `null` = the word only says how another one is meant. */
export function examineWord(
  word: Leaf,
  value: unknown,
  beside: AccessCondition,
  arrival: AskedArrival,
): Told | null {
  switch (word) {
    case "provider":
      return typeof value === "string"
        ? plainly(value === arrival.provider, arrival.provider)
        : cannotTell("malformed");
    case "tenant":
      return examineTenant(value, arrival.userInfo.issuer);
    case "email":
      return examineEmail(arrival, foldEmail(textOrNull(value)), (email, wanted) => email === wanted);
    case "emailDomain": {
      const withSubdomains = beside.subdomains === true;
      const wanted = typeof value === "string" ? foldDomain(value) : null;
      return examineEmail(arrival, wanted, (email, domain) => {
        const own = emailDomain(email);
        return own === domain || (withSubdomains && own.endsWith(`.${domain}`));
      });
    }
    case "subdomains":
      return typeof value === "boolean" && beside.emailDomain !== undefined ? null : cannotTell("malformed");
    case "claim":
      return examineClaim(value, arrival.userInfo.claims);
  }
}

function examineTenant(value: unknown, issuer: string | undefined): Told {
  if (typeof value !== "string" || value === "") return cannotTell("malformed");
  if (issuer === undefined) return notKnownHere();
  // Where subjects are unique only within a tenant, the identity's issuer ends with `#` and its id.
  const mark = issuer.indexOf("#");
  const tenant = mark === -1 ? null : issuer.slice(mark + 1);
  return plainly(value === issuer || value === tenant, issuer);
}

function examineEmail(
  { userInfo: { email, emailVerified } }: AskedArrival,
  wanted: string | null,
  fits: (email: string, wanted: string) => boolean,
): Told {
  if (wanted === null) return cannotTell("malformed");
  if (email === null) return cannotTell("absent");
  const folded = foldEmail(email);
  if (folded === null) return cannotTell("malformed", email);
  // An e-mail that nobody vouches for is no e-mail.
  if (emailVerified !== true) return cannotTell("unverified", email);
  return plainly(fits(folded, wanted), email);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
