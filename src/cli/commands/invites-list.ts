import { type Invitation, invitationState } from "../../model/invitation.ts";
import type { Postern } from "../../postern.ts";
import { invitationDocument, recipientName } from "../invites.ts";
import type { Invocation } from "../invocation.ts";
import { rfc3339 } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** As many as are read at once. */
const PAGE = 200;

/** `postern invites list`: invitations and what became of them, newest first. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words } = invocation;
  await withPostern(invocation, async ({ door }) => {
    const items: Invitation[] = [];
    for await (const invitation of invitations(door)) {
      if (out.jsonl) out.jsonLine(invitationDocument(invitation));
      else items.push(invitation);
    }
    if (out.jsonl) return;
    if (out.json) return out.answer({ items: items.map(invitationDocument) }, "");
    const { id, recipient, roles, state, until, by, who } = words.invites.headings;
    out.table([id, state, recipient, roles, until, by, who], items.map(row(invocation)));
  });
}

async function* invitations(door: Postern): AsyncGenerator<Invitation> {
  for (let after: string | undefined; ; ) {
    const page = await door.invitations.list({ ...(after !== undefined && { after }), limit: PAGE });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

function row({ words }: Invocation) {
  return (invitation: Invitation): readonly string[] => {
    const { id, roles, expiresAt, createdBy, acceptedBy } = invitation;
    return [
      id,
      words.invites.states[invitationState(invitation, Date.now())],
      recipientName(invitation, words),
      roles.join(","),
      rfc3339(expiresAt),
      createdBy,
      acceptedBy ?? "",
    ];
  };
}
