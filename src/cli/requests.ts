import type { AccessRequest } from "../model/access-request.ts";
import type { Postern } from "../postern.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { rfc3339 } from "./people.ts";
import { printable } from "./printable.ts";

/** A request as `--json` shows it. Times are RFC 3339 in UTC. */
export function requestDocument(request: AccessRequest) {
  const { createdAt, decidedAt, askAgainAt, enteredAt, ...rest } = request;
  return {
    ...rest,
    createdAt: rfc3339(createdAt),
    decidedAt: time(decidedAt),
    askAgainAt: time(askAgainAt),
    enteredAt: time(enteredAt),
  };
}

/** What somebody who asks is called in a sentence. */
export function applicantName({ name, handle, email, subject }: AccessRequest): string {
  return printable(name ?? handle ?? email ?? subject);
}

/** @throws CliFailure `request_not_found` */
export async function findAccessRequest({ requests }: Postern, id: string): Promise<AccessRequest> {
  const request = await requests.get(id);
  if (request !== null) return request;
  throw new CliFailure("request_not_found", (words) => words.requests.notFound(printable(id)), {
    hint: (words) => words.requests.notFoundHint,
    more: { requestId: id },
  });
}

/** @throws CliFailure `request_decided` */
export function requestDecided({ id, status, enteredAt }: AccessRequest): CliFailure {
  return new CliFailure(
    "request_decided",
    ({ requests }) =>
      enteredAt === null ? requests.decidedAlready(requests.statuses[status]) : requests.enteredAlready,
    { more: { requestId: id, status } },
  );
}

/** A decision, for `--json`. */
export function decisionDocument(
  { flags }: Invocation,
  action: "access_request.approved" | "access_request.declined",
  request: AccessRequest,
): object {
  return { dryRun: flags.dryRun, warnings: [], action, changed: true, request: requestDocument(request) };
}

function time(at: number | null): string | null {
  return at === null ? null : rfc3339(at);
}
