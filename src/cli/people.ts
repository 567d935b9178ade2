import type { User } from "../model/user.ts";
import type { Postern } from "../postern.ts";
import { meansForCertain } from "../users/find-users.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";
import type { Office } from "./with-postern.ts";
import type { Words } from "./words/en.ts";

/** A person as `--json` shows them: the API's shape. Times are RFC 3339 in UTC. */
export interface UserDocument {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly picture: string | null;
  readonly status: User["status"];
  readonly roles: readonly string[];
  /** The provider instances of their accounts. */
  readonly providers: readonly string[];
  readonly createdAt: string;
  readonly lastSignInAt: string | null;
}

/** A person with their roles and accounts. */
export async function userDocument(door: Postern, user: User): Promise<UserDocument> {
  const grants = await door.users.grantsOf(user.id);
  const identities = await door.users.identitiesOf(user.id);
  const { id, name, email, picture, status, createdAt, lastSignInAt } = user;
  return {
    id,
    name,
    email,
    picture,
    status,
    roles: [...new Set(grants.map(({ role }) => role))].sort(),
    providers: [...new Set(identities.map(({ provider }) => provider))].sort(),
    createdAt: rfc3339(createdAt),
    lastSignInAt: lastSignInAt === null ? null : rfc3339(lastSignInAt),
  };
}

/** What a person is called in a sentence. */
export function nameOf({ name, email, id }: Pick<User, "name" | "email" | "id">): string {
  return printable(name ?? email ?? id);
}

/** RFC 3339 in UTC, from milliseconds since the epoch. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString();
}

/**
 * The one person whom `who` names. @throws CliFailure `user_not_found`, `user_ambiguous`, after listing those who may
 * be meant
 */
export async function findPerson(door: Postern, who: string): Promise<User> {
  const found = await door.users.find(who);
  const [person] = found;
  if (person !== undefined && found.length === 1) return person;

  const meant = found.length > 0 ? found : await door.users.list({ text: who, limit: 5 });
  const matches = await Promise.all(meant.map((user) => userDocument(door, user)));
  const code = found.length > 0 ? "user_ambiguous" : "user_not_found";
  throw new CliFailure(
    code,
    (words) =>
      code === "user_ambiguous"
        ? words.userAmbiguous(printable(who), found.length)
        : words.userNotFound(printable(who)),
    { hint: (words) => listMatches(words, code, matches), more: { who, matches } },
  );
}

/**
 * The same for what gives power: nobody gets it because they call themselves by the id or the e-mail of somebody else.
 * @throws CliFailure as `findPerson` does; `user_ambiguous` also where one person is found, and it need not be them
 */
export async function findPersonForCertain(
  { door, settings }: Pick<Office, "door" | "settings">,
  who: string,
): Promise<User> {
  const person = await findPerson(door, who);
  if (meansForCertain(settings, who, await door.users.identitiesOf(person.id))) return person;
  const matches = [await userDocument(door, person)];
  throw new CliFailure("user_ambiguous", (words) => words.userUncertain(printable(who)), {
    hint: (words) => `${listMatches(words, "user_ambiguous", matches)}\n${words.userUncertainHint}`,
    more: { who, matches },
  });
}

function listMatches(
  words: Words,
  code: "user_not_found" | "user_ambiguous",
  matches: readonly UserDocument[],
): string {
  const rows = matches.map(({ id, name, email, providers }) => [
    id,
    name ?? "",
    email ?? "",
    providers.join(", "),
  ]);
  const { id, person, email, providers } = words.users.headings;
  const lines = table([id, person, email, providers], rows, Number.POSITIVE_INFINITY).map(
    (line) => `  ${line}`,
  );
  if (code === "user_ambiguous") return lines.join("\n");
  return [words.userNotFoundHint, ...(matches.length === 0 ? [] : [words.userNotFoundClose, ...lines])].join(
    "\n",
  );
}

/** What a change did, or with `--dry-run` would do, as `--json` shows it. */
interface Change {
  /** As the audit log calls it. */
  readonly action:
    | "role.granted"
    | "role.revoked"
    | "session.ended"
    | "user.suspended"
    | "user.reactivated"
    | "user.deleted"
    | "user.restored"
    | "identity.unlinked";
  readonly changed: boolean;
  readonly role?: string;
  readonly count?: number;
  /** When a role ends by itself; `null` = it does not. */
  readonly expiresAt?: string | null;
  readonly warnings?: readonly string[];
}

/** A change to a person, for `--json`. */
export function changeDocument({ flags }: Invocation, { id, name, email }: User, change: Change): object {
  return { dryRun: flags.dryRun, warnings: [], ...change, user: { id, name, email } };
}
