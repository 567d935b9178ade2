import { requireMayGive } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import { type AccessRequest, type AccessRequestDecision, DECLINED_FOR } from "../model/access-request.ts";
import type { AuditAction } from "../model/audit-event.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { announceRequest } from "../webhooks/announce-request.ts";
import { ownWords } from "./own-words.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now">;

/**
 * Lets somebody in who asked, or who was declined: they hold the role by hand from their next sign-in on. `reason` is for
 * the audit log.
 * @throws PosternError `unknown_role`, `request_not_found`, `request_decided`, `permission_denied`
 */
export async function approveRequest(
  runtime: Uses & Pick<Runtime, "policy">,
  id: string,
  role: RoleName,
  actor: string,
  reason?: string,
): Promise<AccessRequest> {
  return decide(runtime, id, actor, async (tx, request) => {
    (await runtime.policy.within(tx)).roles.requireKnownRole(role);
    if (request.status === "approved") throw decided(request);
    await requireMayGive(tx, actor, [role]);
    return {
      action: "access_request.approved",
      detail: { role, ...(reason !== undefined && { reason }) },
      decision: { status: "approved", role, reason: null, askAgainAt: null },
    };
  });
}

/**
 * Turns a request down, or takes an approval back that was not used yet. The person reads the reason at their next visit,
 * and may ask once more after 30 days.
 * @throws PosternError `request_not_found`, `request_decided`, `permission_denied`, `request_too_large`
 */
export async function declineRequest(
  runtime: Uses,
  id: string,
  reason: string,
  actor: string,
): Promise<AccessRequest> {
  const words = ownWords(reason);
  return decide(runtime, id, actor, async (tx, request) => {
    if (request.status === "declined") throw decided(request);
    await requireMayGive(tx, actor, [request.role ?? "member"]);
    return {
      action: "access_request.declined",
      detail: { reason: words },
      decision: {
        status: "declined",
        role: null,
        reason: words,
        askAgainAt: runtime.now() + DECLINED_FOR,
      },
    };
  });
}

/** Lets somebody who was declined ask once more at once; once is enough. @throws PosternError as `declineRequest` does */
export async function reopenRequest(runtime: Uses, id: string, actor: string): Promise<AccessRequest> {
  return decide(runtime, id, actor, async (tx, request) => {
    if (request.status !== "declined") throw decided(request);
    await requireMayGive(tx, actor, ["member"]);
    const { status, role, reason, askAgainAt } = request;
    if (askAgainAt === null) return null;
    return {
      action: "access_request.reopened",
      detail: {},
      decision: { status, role, reason, askAgainAt: null },
    };
  });
}

interface Verdict {
  readonly action: AuditAction;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly decision: Omit<AccessRequestDecision, "decidedAt" | "decidedBy">;
}

/** One decision and its event, unless somebody else was faster, or nothing is to be changed (`null`). */
async function decide(
  runtime: Uses,
  id: string,
  actor: string,
  judge: (tx: StoreTransaction, request: AccessRequest) => Promise<Verdict | null>,
): Promise<AccessRequest> {
  return runtime.store.transaction(async (tx) => {
    const request = await tx.accessRequests.get(id);
    if (request === null) throw new PosternError("request_not_found", `There is no request "${id}".`);
    if (request.enteredAt !== null) throw decided(request);
    const verdict = await judge(tx, request);
    if (verdict === null) return request;
    const { action, detail, decision } = verdict;
    const now = runtime.now();
    const change: AccessRequestDecision = { ...decision, decidedAt: now, decidedBy: actor };
    if (!(await tx.accessRequests.decide(id, request, change))) throw decided(request);
    const { provider, issuer, subject, handle } = request;
    await tx.audit.insert(
      newEvent(now, {
        action,
        actor,
        target: id,
        detail: { provider, issuer, subject, handle, before: request.status, ...detail },
      }),
    );
    const changed = { ...request, ...change };
    if (request.status !== changed.status) await announceRequest(runtime, tx, now, changed);
    return changed;
  });
}

function decided({ id, status }: AccessRequest): PosternError {
  return new PosternError("request_decided", `The request "${id}" is ${status} already.`, { reason: status });
}
