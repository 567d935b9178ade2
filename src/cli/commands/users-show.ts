import type { Identity } from "../../model/identity.ts";
import type { PendingGrant } from "../../model/pending-grant.ts";
import type { RoleGrant } from "../../model/role.ts";
import { isExpired, type Session } from "../../model/session.ts";
import type { User } from "../../model/user.ts";
import { grantDetails, grantDocument, grantText } from "../grants.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import { expectedName, pendingDocument } from "../pending.ts";
import { findPerson, rfc3339, type UserDocument, userDocument } from "../people.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** What is known of a person. */
interface Dossier {
  readonly user: UserDocument;
  readonly permissions: readonly string[];
  readonly grants: readonly RoleGrant[];
  readonly identities: readonly Identity[];
  /** Those that still count, newest first. */
  readonly sessions: readonly Omit<Session, "secretHash">[];
}

/** `postern users show <who>`. */
export async function run(invocation: Invocation): Promise<void> {
  const [who = ""] = invocation.operands;
  await withPostern(invocation, async (office) => {
    const { users } = office.door;
    const pending = await users.pendingGrants(who);
    if (pending.length > 0 && (await users.find(who)).length === 0) return showPending(invocation, pending);
    const dossier = await gather(office, await findPerson(office.door, who));
    invocation.out.answer(asDocument(dossier), asText(invocation, dossier));
  });
}

/** Nobody is known so; what waits for them is all there is to show. */
function showPending({ words, out }: Invocation, pending: readonly PendingGrant[]): void {
  const rows = pending.map(({ role, createdAt, createdBy, reason, expiresAt }) => {
    const details = grantDetails(words, { reason, expiresAt });
    return [words.users.role, words.lifecycle.waiting(role, rfc3339(createdAt), createdBy, details)] as const;
  });
  const names = [...new Set(pending.map(expectedName))];
  out.answer(
    { pending: pending.map(pendingDocument) },
    labelled(out, [[words.users.headings.person, names.join(", ")], ...rows]),
  );
}

async function gather({ door, settings }: Office, person: User): Promise<Dossier> {
  const user = await userDocument(door, person);
  const now = settings.now();
  const sessions = await door.sessions.ofUser(person.id);
  const explained = await door.roles.explain(person.id);
  return {
    user,
    permissions: explained.filter(({ by }) => by.length > 0).map(({ permission }) => permission),
    grants: await door.users.grantsOf(person.id),
    identities: await door.users.identitiesOf(person.id),
    sessions: sessions.filter((session) => !isExpired(session, settings.session, now)),
  };
}

function asDocument({ user, permissions, grants, identities, sessions }: Dossier): object {
  return {
    ...user,
    permissions,
    grants: grants.map(grantDocument),
    identities: identities.map(({ userId: _, createdAt, lastUsedAt, ...identity }) => ({
      ...identity,
      createdAt: rfc3339(createdAt),
      lastUsedAt: rfc3339(lastUsedAt),
    })),
    sessions: sessions.map(({ userId: _, ...session }) => ({
      ...session,
      createdAt: rfc3339(session.createdAt),
      authenticatedAt: rfc3339(session.authenticatedAt),
      lastSeenAt: rfc3339(session.lastSeenAt),
      expiresAt: rfc3339(session.expiresAt),
    })),
  };
}

function asText({ words, out }: Invocation, dossier: Dossier): string {
  const { user, permissions, grants, identities, sessions } = dossier;
  const { users } = words;
  const verified = (identity: Identity) =>
    identity.emailVerified === null
      ? ""
      : identity.emailVerified
        ? ` (${users.verified})`
        : ` (${users.unverified})`;
  return labelled(out, [
    [users.headings.id, user.id],
    [users.headings.person, user.name ?? ""],
    [users.headings.email, user.email ?? ""],
    [users.headings.status, users.statuses[user.status]],
    [users.created, user.createdAt],
    [users.headings.lastSignIn, user.lastSignInAt ?? users.never],
    ...grants.map((grant) => [users.role, grantText(words, grant)] as const),
    [users.permissions, permissions.join(", ")],
    ...identities.map((identity) => {
      const { provider, handle, subject, email } = identity;
      const address = email === null ? "" : `, ${email}${verified(identity)}`;
      return [users.account, `${provider}:${handle ?? subject}${address}`] as const;
    }),
    ...sessions.map(({ id, provider, lastSeenAt, userAgent }) => {
      const parts = [id, provider, users.lastSeen(rfc3339(lastSeenAt)), userAgent ?? ""];
      return [users.session, parts.filter((part) => part !== "").join(", ")] as const;
    }),
  ]);
}
