import { asObject } from "../../oauth/json.ts";
import type { Profile, Sources } from "../definition.ts";
import type { FailureKind, ToldFailure } from "../hooks.ts";
import { at } from "./at.ts";

/** Where the person's data stands in the answer of `userUrl`, as dotted paths: `data.user.id`. */
export interface OAuth2Fields {
  /** An id that never changes hands; not a login name, not an e-mail. */
  readonly subject: string;
  readonly handle?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Only boolean `true` counts as verified. */
  readonly emailVerified?: string | undefined;
  readonly picture?: string | undefined;
  /** A list of names, for access rules: `{ wiki: { group: "editors" } }`. */
  readonly groups?: string | undefined;
}

/** A second call that lists e-mail addresses: its primary one takes the place of `fields.email`. */
export interface OAuth2Emails {
  /** Asked like `userUrl`. Where it is refused, `fields.email` counts. */
  readonly url: string;
  /** Where the list stands, as a dotted path: `values`. Default: the answer is the list. */
  readonly list?: string | undefined;
  /** The member of an entry that holds the address. Default `email`. */
  readonly email?: string | undefined;
  /** The member that is `true` for the primary one. Default `primary`. */
  readonly primary?: string | undefined;
  /** The member that is `true` for a verified one. Default `verified`. */
  readonly verified?: string | undefined;
}

/** How a place tells errors that are not those of RFC 6749, also with status 200: `{ "code": 40029 }`. */
export interface OAuth2Errors {
  /** Where the code stands, as a dotted path. None, an empty one and 0 mean that all went well. */
  readonly code: string;
  /** What codes mean: `{ "40029": "code_invalid" }`. */
  readonly kinds?: Readonly<Record<string, FailureKind>> | undefined;
}

/** The person, from the answers `user` and `emails`. */
export function readFields(
  { answers }: Sources,
  fields: OAuth2Fields,
  emails: OAuth2Emails | undefined,
): Profile {
  const { user } = answers;
  const verified = at(user, fields.emailVerified);
  return {
    subject: at(user, fields.subject),
    handle: at(user, fields.handle),
    name: at(user, fields.name),
    email: at(user, fields.email),
    emailVerified: typeof verified === "boolean" ? verified : null,
    ...(emails === undefined || answers.emails === null ? {} : primaryOf(answers.emails, emails)),
    picture: at(user, fields.picture),
    claims: asObject(user) ?? {},
  };
}

function primaryOf(answer: unknown, emails: OAuth2Emails): Pick<Profile, "email" | "emailVerified"> {
  const list = emails.list === undefined ? answer : at(answer, emails.list);
  const primary = (Array.isArray(list) ? list : []).find(
    (entry) => at(entry, emails.primary ?? "primary") === true,
  );
  return {
    email: at(primary, emails.email ?? "email"),
    emailVerified: at(primary, emails.verified ?? "verified") === true,
  };
}

/** The names in the list of groups, `null` = it does not tell. */
export function groupsIn({ answers }: Sources, { groups: path }: OAuth2Fields): readonly string[] | null {
  const groups = at(answers.user, path);
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : null;
}

/** The code of an error that an answer tells, `null` = it tells of none. */
export function errorCodeIn(body: unknown, errors: OAuth2Errors | undefined): string | null {
  if (errors === undefined) return null;
  const code = String(at(body, errors.code) ?? "");
  return code === "" || code === "0" ? null : code;
}

/** The failure that an answer tells; `otherwise` is what a code means that `kinds` does not list, `null` = leave it. */
export function failureIn(
  body: unknown,
  errors: OAuth2Errors | undefined,
  otherwise: FailureKind | null,
): ToldFailure | null {
  const code = errorCodeIn(body, errors);
  if (code === null) return null;
  const kinds = errors?.kinds ?? {};
  const kind = Object.hasOwn(kinds, code) ? kinds[code] : otherwise;
  return kind === null || kind === undefined ? null : { kind, code };
}
