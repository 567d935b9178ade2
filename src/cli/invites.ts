import { PosternError } from "../errors.ts";
import { type Invitation, invitationState, LONGEST_INVITATION } from "../model/invitation.ts";
import type { Postern } from "../postern.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { readTime } from "./lifetime.ts";
import { rfc3339 } from "./people.ts";
import { printable } from "./printable.ts";
import type { Words } from "./words/en.ts";

/** An invitation as `--json` shows it: never its token. Times are RFC 3339 in UTC. */
export function invitationDocument(invitation: Invitation): object {
  const { id, recipient, roles, createdBy, reason, acceptedBy, revokedBy } = invitation;
  const time = (at: number | null) => (at === null ? null : rfc3339(at));
  return {
    id,
    state: invitationState(invitation, Date.now()),
    recipient,
    roles,
    createdAt: time(invitation.createdAt),
    createdBy,
    reason,
    expiresAt: time(invitation.expiresAt),
    acceptedAt: time(invitation.acceptedAt),
    acceptedBy,
    revokedAt: time(invitation.revokedAt),
    revokedBy,
  };
}

/** Whom an invitation is for, in a sentence: `github:octocat`. */
export function recipientName({ recipient }: Pick<Invitation, "recipient">, words: Words): string {
  if (recipient === null) return words.invites.anyone;
  const { provider, who } = recipient;
  return printable(provider === null ? who : `${provider}:${who}`);
}

/** Hands out a link: alone on stdout, also with `--quiet`, for it cannot be had again. */
export function handOut({ out }: Pick<Invocation, "out">, document: object, link: URL): void {
  if (out.json || out.jsonl) out.answer({ ...document, link: link.href }, "");
  else out.print(link.href);
}

/** `--expires` in milliseconds; `undefined` = not given. @throws CliFailure `invalid_argument` */
export function readLifetime({ flags: { expires } }: Pick<Invocation, "flags">): number | undefined {
  if (expires === undefined) return undefined;
  const lifetime = readTime(expires, LONGEST_INVITATION);
  if (lifetime !== null) return lifetime;
  throw new CliFailure("invalid_argument", (words) => words.invites.notALifetime(printable(expires)));
}

/** One that can still be sent again or taken back. @throws CliFailure `invite_unknown`, `invite_over` */
export async function findOpenInvitation({ invitations }: Postern, id: string): Promise<Invitation> {
  const found = await invitations.get(id);
  if (found === null) {
    throw new CliFailure("invite_unknown", (words) => words.invites.notFound(printable(id)), {
      hint: (words) => words.invites.notFoundHint,
      more: { id },
    });
  }
  const state = invitationState(found, Date.now());
  if (state === "accepted" || state === "revoked") throw over(found, state);
  return found;
}

/** What a verb refused because somebody was faster, as the command line tells it. */
export async function tellingRaces<T>(invitation: Invitation, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof PosternError ? error.code : null;
    if (code === "invite_used") throw over(invitation, "accepted");
    if (code === "invite_revoked") throw over(invitation, "revoked");
    throw error;
  }
}

function over({ id }: Invitation, state: "accepted" | "revoked"): CliFailure {
  return new CliFailure("invite_over", ({ invites }) => invites.over(invites.states[state]), {
    more: { id, state },
  });
}
