import { actor } from "../actor.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { applicantName, decisionDocument, findAccessRequest, requestDecided } from "../requests.ts";
import { requireKnownRole } from "../roles.ts";
import { withPostern } from "../with-postern.ts";

/** `postern requests approve <id> --role <role>`. */
export async function run(invocation: Invocation): Promise<void> {
  const { operands, flags, words, out } = invocation;
  const [id = ""] = operands;
  const { role } = flags;
  if (role === undefined) throw new CliFailure("missing_value", (words) => words.missingValue("--role"));
  await withPostern(invocation, async (office) => {
    await requireKnownRole(office, role);
    const request = await findAccessRequest(office.door, id);
    if (request.enteredAt !== null || request.status === "approved") throw requestDecided(request);
    const name = applicantName(request);
    const decided = flags.dryRun
      ? request
      : await office.door.requests.approve(id, role, actor(), flags.reason);
    const { wouldApprove, approved } = words.requests;
    const sentence = flags.dryRun ? wouldApprove(name, role) : out.done(approved(name, role));
    out.answer(decisionDocument(invocation, "access_request.approved", decided), sentence);
  });
}
