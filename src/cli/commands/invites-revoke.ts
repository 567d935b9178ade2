import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import { findOpenInvitation, invitationDocument, recipientName, tellingRaces } from "../invites.ts";
import type { Invocation } from "../invocation.ts";
import { withPostern } from "../with-postern.ts";

/** `postern invites revoke <id>`: its link leads nowhere any more. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [id = ""] = operands;
  await withPostern(invocation, async (office) => {
    const { invitations } = office.door;
    const found = await findOpenInvitation(office.door, id);
    const who = recipientName(found, words);
    const { wouldRevoke, revoked, revokedAlready } = words.invites;
    if (!flags.dryRun) await confirm(invocation, office, wouldRevoke(who));
    const changed =
      flags.dryRun || (await tellingRaces(found, () => invitations.revoke(id, actor(), flags.reason)));
    const now = flags.dryRun ? found : ((await invitations.get(id)) ?? found);
    const sentence = flags.dryRun ? wouldRevoke(who) : out.done(revoked(who));
    out.answer(
      {
        dryRun: flags.dryRun,
        warnings: [],
        action: "invitation.revoked",
        changed,
        invitation: invitationDocument(now),
      },
      changed ? sentence : revokedAlready,
    );
  });
}
