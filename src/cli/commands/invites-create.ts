import { PosternError } from "../../errors.ts";
import type { InvitationWish, RecipientWish } from "../../index.ts";
import { actor } from "../actor.ts";
import { CliFailure } from "../failure.ts";
import { handOut, invitationDocument, readLifetime, recipientName } from "../invites.ts";
import type { Invocation } from "../invocation.ts";
import { rfc3339 } from "../people.ts";
import { printable } from "../printable.ts";
import { requireKnownRole } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern invites create --role <role>`: prints the link, and nothing else, to stdout. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, words, out } = invocation;
  const roles = readRoles(invocation);
  const recipient = readRecipient(invocation);
  const lifetime = readLifetime(invocation);
  const wish: InvitationWish = { roles, recipient, ...(lifetime !== undefined && { lifetime }) };
  await withPostern(invocation, async (office) => {
    for (const role of roles) await requireKnownRole(office, role);
    const { invitations } = office.door;
    const planned = await recognising(recipient, () => invitations.check(wish, actor()));
    const [who, as] = [recipientName(planned, words), planned.roles.join(", ")];
    const { wouldInvite, invited, until } = words.invites;
    const change = { dryRun: flags.dryRun, warnings: [], action: "invitation.created", changed: true };
    if (flags.dryRun) {
      // What a dry run has drawn up is kept nowhere: its id would lead nowhere.
      const { id: _, ...planDocument } = invitationDocument(planned) as Record<string, unknown>;
      return out.answer({ ...change, invitation: planDocument, link: null }, wouldInvite(who, as));
    }
    const { invitation, link } = await invitations.create(wish, actor(), flags.reason);
    out.say(out.done(invited(who, as)));
    out.say(until(rfc3339(invitation.expiresAt)));
    handOut(invocation, { ...change, invitation: invitationDocument(invitation) }, link);
  });
}

/** `--role support,lead`. @throws CliFailure `missing_value` */
function readRoles({ flags: { role } }: Invocation): readonly string[] {
  const roles = (role ?? "").split(",").map((one) => one.trim());
  if (role === undefined || roles.includes(""))
    throw new CliFailure("missing_value", (words) => words.missingValue("--role <role>"));
  return roles;
}

/** @throws CliFailure `invalid_argument` when two exclude each other */
function readRecipient({ flags: { email, handle, id } }: Invocation): RecipientWish {
  const given = Object.entries({ email, handle, id }).filter(([, value]) => value !== undefined);
  const [one, other] = given;
  if (one !== undefined && other !== undefined) {
    throw new CliFailure("invalid_argument", (words) => words.notTogether(`--${one[0]}`, `--${other[0]}`));
  }
  if (email !== undefined) return { email };
  if (handle !== undefined) return { handle };
  return id === undefined ? "anyone" : { id };
}

/** @throws CliFailure `invalid_argument` */
async function recognising<T>(recipient: RecipientWish, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PosternError) || error.code !== "user_not_found") throw error;
    const who = printable(Object.values(recipient).join(""));
    throw new CliFailure("invalid_argument", (words) => words.invites.nobodyRecognised(who), {
      hint: (words) => words.invites.nobodyRecognisedHint,
    });
  }
}
