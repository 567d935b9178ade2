import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { newReference } from "../crypto/random.ts";
import { atAddress } from "../limits/counted.ts";
import type { Visit } from "../model/visit.ts";
import type { Runtime } from "../runtime.ts";
import { type ExaminedInvitation, examineInvitation, type InviteErrorCode } from "./examine-invitation.ts";
import { keepInvitation } from "./invitation-cookie.ts";

type Uses = Pick<Runtime, "store" | "policy" | "now">;

/** How pressing the button of an invitation ended. */
export type AcceptedInvitation =
  /** `cookie` is a `Set-Cookie` value: the next sign-in in this browser uses the invitation up. */
  | { readonly kind: "accepted"; readonly cookie: string }
  | { readonly kind: "refused"; readonly code: InviteErrorCode; readonly reference: string };

/**
 * The invitation of a link as it stands. Writes nothing, not even a log entry, however often and by whatever it is opened.
 * @throws PosternError `store_unavailable`
 */
export async function readInvitation(runtime: Uses, token: string): Promise<ExaminedInvitation> {
  const { store, policy, now } = runtime;
  const found = await store.invitations.findBySecretHash(sha256(token));
  const { roles } = await policy.latest();
  return examineInvitation({ roles, now }, store, found);
}

/**
 * Ties an invitation to the browser that accepts it. One that counts no more is written to the audit log, be its token
 * unknown or spent: both take the same steps. @throws PosternError `store_unavailable`, `rate_limited`
 */
export async function acceptInvitation(
  runtime: Uses & Pick<Runtime, "sealer" | "settings" | "limits">,
  token: string,
  visit: Pick<Visit, "address">,
): Promise<AcceptedInvitation> {
  const examined = await readInvitation(runtime, token);
  if (examined.kind === "open") {
    return { kind: "accepted", cookie: keepInvitation(runtime, examined.invitation) };
  }
  runtime.limits.take("links", atAddress(visit.address));
  const { code, cause, invitation } = examined;
  const reference = newReference();
  await runtime.store.transaction((tx) =>
    tx.audit.insert(
      newEvent(runtime.now(), {
        action: "invitation.refused",
        target: invitation?.id ?? null,
        reference,
        reason: code,
        address: visit.address,
        detail: { cause },
      }),
    ),
  );
  return { kind: "refused", code, reference };
}
