import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import { printable } from "../printable.ts";
import { applicantName, findAccessRequest, requestDocument } from "../requests.ts";
import { withPostern } from "../with-postern.ts";

/** `postern requests show <id>`: who asks, what they say, and what became of it. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, words, out } = invocation;
  const [id = ""] = operands;
  await withPostern(invocation, async ({ door }) => {
    const request = await findAccessRequest(door, id);
    const document = requestDocument(request);
    const { labels, statuses, confirmed, unconfirmed } = words.requests;
    const { email, emailVerified, subject, provider, issuer, note, role, reason } = request;
    const address = email === null ? null : `${email} (${emailVerified === true ? confirmed : unconfirmed})`;
    const pairs: readonly (readonly [string, string | null])[] = [
      [labels.person, applicantName(request)],
      [labels.email, address],
      [labels.account, `${provider}:${subject}, ${issuer}`],
      [labels.asked, document.createdAt],
      [labels.note, note],
      [labels.status, statuses[request.status]],
      [labels.decided, document.decidedAt === null ? null : `${document.decidedAt}, ${request.decidedBy}`],
      [labels.role, role],
      [labels.reason, reason],
      [labels.entered, document.enteredAt],
      [labels.askAgain, document.askAgainAt],
    ];
    const told = pairs.flatMap(([label, value]) =>
      value === null ? [] : [[label, printable(value)] as const],
    );
    out.answer(document, labelled(out, told));
  });
}
