import { actor } from "../actor.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { applicantName, decisionDocument, findAccessRequest, requestDecided } from "../requests.ts";
import { withPostern } from "../with-postern.ts";

/** `postern requests decline <id> --reason <text>`; the person reads the reason. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [id = ""] = operands;
  const { reason } = flags;
  if (reason === undefined) throw new CliFailure("missing_value", (words) => words.missingValue("--reason"));
  await withPostern(invocation, async ({ door }) => {
    const request = await findAccessRequest(door, id);
    if (request.enteredAt !== null || request.status === "declined") throw requestDecided(request);
    const name = applicantName(request);
    const decided = flags.dryRun ? request : await door.requests.decline(id, reason, actor());
    const { wouldDecline, declined } = words.requests;
    const sentence = flags.dryRun ? wouldDecline(name) : out.done(declined(name));
    out.answer(decisionDocument(invocation, "access_request.declined", decided), sentence);
  });
}
