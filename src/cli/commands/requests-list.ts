import type { AccessRequest, AccessRequestStatus } from "../../model/access-request.ts";
import type { Postern } from "../../postern.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { applicantName, requestDocument } from "../requests.ts";
import { withPostern } from "../with-postern.ts";

const STATUSES = ["pending", "approved", "declined"] as const satisfies readonly AccessRequestStatus[];
/** As many as are read at once. */
const PAGE = 200;

/** `postern requests list`: those who ask to be let in, whoever has waited longest first. */
export async function run(invocation: Invocation): Promise<void> {
  const status = readStatus(invocation.flags.status ?? "pending");
  const { out, words } = invocation;
  await withPostern(invocation, async ({ door }) => {
    const items: AccessRequest[] = [];
    for await (const request of requests(door, status)) {
      if (out.jsonl) out.jsonLine(requestDocument(request));
      else items.push(request);
    }
    if (out.jsonl) return;
    if (out.json) return out.answer({ items: items.map(requestDocument) }, "");
    const { id, person, email, provider, status: state, createdAt, note } = words.requests.headings;
    out.table([id, person, email, provider, state, createdAt, note], items.map(row(invocation)));
  });
}

/** @throws CliFailure `invalid_argument` */
function readStatus(value: string): AccessRequestStatus | null {
  if (value === "all") return null;
  const status = STATUSES.find((one) => one === value);
  if (status !== undefined) return status;
  const allowed = [...STATUSES, "all"].join(", ");
  throw new CliFailure("invalid_argument", (words) => words.notOneOf("--status", value, allowed), {
    more: { option: "--status", allowed: [...STATUSES, "all"] },
  });
}

async function* requests(door: Postern, status: AccessRequestStatus | null): AsyncGenerator<AccessRequest> {
  for (let after: string | undefined; ; ) {
    const page = await door.requests.list({
      ...(status !== null && { status }),
      ...(after !== undefined && { after }),
      limit: PAGE,
    });
    yield* page;
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

function row({ words }: Invocation) {
  return (request: AccessRequest): readonly string[] => {
    const { id, email, provider, status, note } = request;
    const { createdAt } = requestDocument(request);
    const said = note?.replaceAll("\n", " ") ?? "";
    return [
      id,
      applicantName(request),
      email ?? "",
      provider,
      words.requests.statuses[status],
      createdAt,
      said,
    ];
  };
}
