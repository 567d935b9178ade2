import { actor } from "../actor.ts";
import {
  findOpenInvitation,
  handOut,
  invitationDocument,
  readLifetime,
  recipientName,
  tellingRaces,
} from "../invites.ts";
import type { Invocation } from "../invocation.ts";
import { rfc3339 } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** `postern invites resend <id>`: prints a new link, and nothing else, to stdout; the old one is dead. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [id = ""] = operands;
  const { reason } = flags;
  const lifetime = readLifetime(invocation);
  await withPostern(invocation, async ({ door }) => {
    const found = await findOpenInvitation(door, id);
    const who = recipientName(found, words);
    const { wouldResend, resent, until } = words.invites;
    const change = { dryRun: flags.dryRun, warnings: [], action: "invitation.resent", changed: true };
    if (flags.dryRun) {
      return out.answer({ ...change, invitation: invitationDocument(found), link: null }, wouldResend(who));
    }
    const options = { ...(lifetime !== undefined && { lifetime }), ...(reason !== undefined && { reason }) };
    const { invitation, link } = await tellingRaces(found, () =>
      door.invitations.resend(id, actor(), options),
    );
    out.say(out.done(resent(who)));
    out.say(until(rfc3339(invitation.expiresAt)));
    handOut(invocation, { ...change, invitation: invitationDocument(invitation) }, link);
  });
}
