import { webhookSignature } from "../crypto/webhook-signature.ts";
import type { WebhookEndpoint } from "../model/webhook.ts";
import { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { Outbound } from "../oauth/outbound.ts";

/** What came of one attempt. */
export interface WebhookOutcome {
  /** 2xx; 410 Gone: it wants nothing any more; anything else. */
  readonly kind: "accepted" | "gone" | "failed";
  /** `null` = there was no answer that could be taken. */
  readonly status: number | null;
  /** A stable word: `status_500`, `timeout`, `redirect_refused`. */
  readonly failure: string | null;
}

/** Nobody reads the answer; longer ones are not waited for. */
const MOST_BYTES = 64 * 1024;

/** One signed POST, sent once. `now` in milliseconds since the epoch goes into the signature. Never rejects. */
export async function sendWebhook(
  outbound: Outbound,
  { url, secrets }: Pick<WebhookEndpoint, "url" | "secrets">,
  { id, body }: { readonly id: string; readonly body: string },
  now: number,
): Promise<WebhookOutcome> {
  const at = Math.floor(now / 1_000);
  try {
    const { status } = await outbound.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        "webhook-id": id,
        "webhook-timestamp": String(at),
        "webhook-signature": webhookSignature(secrets, { id, at, body }),
      },
      body,
      maxBytes: MOST_BYTES,
      endpoint: "webhook",
    });
    if (status >= 200 && status < 300) return { kind: "accepted", status, failure: null };
    return { kind: status === 410 ? "gone" : "failed", status, failure: `status_${status}` };
  } catch (error) {
    if (!(error instanceof OAuthFailure)) return { kind: "failed", status: null, failure: "unexpected" };
    const { status } = error.detail;
    return {
      kind: "failed",
      status: typeof status === "number" ? status : null,
      failure: error.reason,
    };
  }
}
