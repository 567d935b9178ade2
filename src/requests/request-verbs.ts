import type { AccessRequest, AccessRequestStatus } from "../model/access-request.ts";
import type { RoleName } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { approveRequest, declineRequest, reopenRequest } from "./decide-request.ts";

/**
 * What can be asked and done about requests for access. `actor` is who does it, for the audit log: a user id, who must have
 * the right to give the role, or `job:nightly`.
 */
export interface RequestVerbs {
  get(id: string): Promise<AccessRequest | null>;
  /** Oldest first. `limit` 1–1000, default 200; `after` is the last id of the page before. */
  list(query?: {
    readonly status?: AccessRequestStatus;
    readonly limit?: number;
    readonly after?: string;
  }): Promise<readonly AccessRequest[]>;
  /** They enter with the role at their next sign-in. @throws PosternError `unknown_role`, `request_not_found`, `request_decided`, `permission_denied` */
  approve(id: string, role: RoleName, actor: string, reason?: string): Promise<AccessRequest>;
  /** They read the reason at their next visit. @throws PosternError `request_not_found`, `request_decided`, `permission_denied`, `request_too_large` */
  decline(id: string, reason: string, actor: string): Promise<AccessRequest>;
  /** Somebody who was declined may ask once more at once. @throws PosternError `request_not_found`, `request_decided`, `permission_denied` */
  reopen(id: string, actor: string): Promise<AccessRequest>;
}

/** Binds the verbs about requests to a runtime. */
export function requestVerbs(runtime: Runtime): RequestVerbs {
  const { accessRequests } = runtime.store;
  return {
    get: (id) => accessRequests.get(id),
    list: ({ limit = 200, ...query } = {}) =>
      accessRequests.list({ ...query, limit: Math.min(Math.max(limit, 1), 1000) }),
    approve: (id, role, actor, reason) => approveRequest(runtime, id, role, actor, reason),
    decline: (id, reason, actor) => declineRequest(runtime, id, reason, actor),
    reopen: (id, actor) => reopenRequest(runtime, id, actor),
  };
}
