import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { newId } from "../crypto/random.ts";
import { PosternError } from "../errors.ts";
import { type AccessRequest, MOST_REQUESTS_PER_HOUR } from "../model/access-request.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { announceRequest } from "../webhooks/announce-request.ts";
import { ownWords } from "./own-words.ts";
import type { RequestProof } from "./request-proof.ts";
import { findRequest, type Standing, standingOf } from "./standing.ts";

const HOUR = 60 * 60 * 1_000;
/** When some of an hour's requests are likely to be older than that, in milliseconds; the proof outlasts it. */
const WORTH_A_TRY = HOUR / 6;

/**
 * Asks to be let in, in the name of whom the proof is about; the proof is spent by it. Whoever has asked already is told
 * how that stands, and nothing changes.
 * @throws PosternError `request_too_large`, `seal_invalid` for a spent proof, `rate_limited`, `store_unavailable`
 */
export async function askForAccess(
  runtime: Pick<Runtime, "settings" | "store" | "now">,
  proof: RequestProof,
  note: string,
  visit: Pick<Visit, "address">,
): Promise<Standing> {
  const words = ownWords(note);
  return runtime.store.transaction(async (tx) => {
    const now = runtime.now();
    await tx.accessRequests.lock();
    const before = await findRequest(tx, proof);
    const standing = standingOf(before, proof.userId, now);
    if (standing.kind !== "may-ask") return standing;

    if (!(await tx.loginTransactions.consume(sha256(`access-request:${proof.nonce}`), proof.expiresAt)))
      throw new PosternError("seal_invalid", "This proof has been used before.", { reason: "already_used" });
    if ((await tx.accessRequests.countSince(proof.provider, now - HOUR)) >= MOST_REQUESTS_PER_HOUR)
      throw new PosternError("rate_limited", `"${proof.provider}" has brought too many requests this hour.`, {
        retryAfter: WORTH_A_TRY,
      });

    // What was decided before is in the audit log.
    if (before !== null) await tx.accessRequests.delete(before.id);
    const request = newRequest(proof, words, now);
    if (!(await tx.accessRequests.insert(request))) return { kind: "pending", since: now };
    const { id, userId, provider, issuer, subject, handle, email, emailVerified } = request;
    await tx.audit.insert(
      newEvent(now, {
        action: "access_request.created",
        actor: userId ?? "anonymous",
        target: id,
        address: visit.address,
        detail: { provider, issuer, subject, handle, email, emailVerified },
      }),
    );
    await announceRequest(runtime, tx, now, request);
    return { kind: "pending", since: now };
  });
}

function newRequest(proof: RequestProof, note: string | null, now: number): AccessRequest {
  const { provider, issuer, subject, userId, handle, name, email, emailVerified } = proof;
  return {
    id: newId("arq_", now),
    provider,
    issuer,
    subject,
    userId,
    handle,
    name,
    email,
    emailVerified,
    note,
    status: "pending",
    createdAt: now,
    decidedAt: null,
    decidedBy: null,
    role: null,
    reason: null,
    askAgainAt: null,
    enteredAt: null,
  };
}
