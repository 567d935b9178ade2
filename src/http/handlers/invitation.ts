import { PosternError } from "../../errors.ts";
import { acceptInvitation, readInvitation } from "../../invitations/accept-invitation.ts";
import type { Invitation, InvitationRecipient } from "../../model/invitation.ts";
import { type InvitationView, invitationPage } from "../../pages/invitation-page.ts";
import type { Call } from "../call.ts";
import { countDeadLink } from "../dead-link.ts";
import { answerFailure } from "../error-answer.ts";
import { pageContext } from "../page-context.ts";
import { page, redirect } from "../responses.ts";

/** `GET /auth/invite/{token}`: shows the invitation. Programs that look into mail open it, and must use nothing up. */
export async function showInvitation(call: Call): Promise<Response> {
  const { runtime, params, url } = call;
  const examined = await readInvitation(runtime, params.token ?? "");
  if (examined.kind === "dead") {
    // Programs that look into mail open old ones again and again; only one that never was is a guess.
    if (examined.invitation === null) countDeadLink(call);
    throw new PosternError(examined.code, "The invitation counts no more.");
  }
  const { invitation, roles } = examined;
  const view: InvitationView = {
    action: url.pathname,
    inviter: await inviterName(call, invitation),
    roles,
    recipient: invitation.recipient === null ? null : recipientShown(call, invitation.recipient),
    expiresAt: invitation.expiresAt,
  };
  return page(call, invitationPage(pageContext(call, url.pathname), view));
}

/** `POST /auth/invite/{token}`: this browser accepts; the sign-in that follows uses the invitation up. */
export async function acceptByButton(call: Call): Promise<Response> {
  const { runtime, params, visit } = call;
  const accepted = await acceptInvitation(runtime, params.token ?? "", visit);
  if (accepted.kind === "refused") return answerFailure(call, accepted, null);
  return redirect(`${runtime.settings.mountPath}/sign-in`, [accepted.cookie]);
}

async function inviterName({ runtime }: Call, { createdBy }: Invitation): Promise<string | null> {
  const user = await runtime.store.users.get(createdBy);
  return user === null ? null : (user.name ?? user.email);
}

function recipientShown(
  { runtime, locale }: Call,
  recipient: InvitationRecipient,
): InvitationView["recipient"] {
  const { kind, provider, who } = recipient;
  return {
    name: kind === "email" ? veiled(who) : who,
    provider: provider === null ? null : (runtime.providers.get(provider)?.name[locale] ?? provider),
  };
}

/** `a…@example.com`: enough to know which of one's own addresses is meant. */
function veiled(email: string): string {
  const [first = ""] = email;
  return `${first}…${email.slice(email.lastIndexOf("@"))}`;
}
