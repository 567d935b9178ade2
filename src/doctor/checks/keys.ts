import { asObject } from "../../oauth/json.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Verification } from "../../providers/internal/server.ts";
import { connectionTrouble, evidenceOf } from "../connection-trouble.ts";
import type { Outcome } from "../finding.ts";
import type { Overheard } from "../overhear.ts";

/** Whether the provider publishes a key that ID tokens can be verified with (RFC 7517). */
export async function checkKeys({ keys, algorithms }: Verification, outbound: Overheard): Promise<Outcome> {
  try {
    await keys.renew();
  } catch (error) {
    return trouble(error);
  }
  const published = outbound.last("jwks")?.body?.keys;
  const list = Array.isArray(published) ? published : [];
  const ids = new Set(list.map((key) => keyId(asObject(key)?.kid)));
  const usable = new Set<string>();
  for (const id of ids) {
    for (const algorithm of algorithms) {
      const key = await keys.find(algorithm, id).catch(absent);
      if (key !== null) usable.add(`${algorithm} ${id ?? "–"}`);
    }
  }
  const evidence = [`${list.length} published`, ...usable];
  return usable.size > 0
    ? { status: "ok", evidence, say: (texts) => texts.keysUsable(usable.size) }
    : { status: "fail", evidence, say: (texts) => texts.keysUnusable(list.length) };
}

function trouble(error: unknown): Outcome {
  if (!(error instanceof OAuthFailure)) throw error;
  const { reason, detail } = error;
  return (
    connectionTrouble(error) ?? {
      status: "fail",
      evidence: [evidenceOf(error)],
      say: (texts) =>
        reason === "jwks_status" ? texts.keysStatus(Number(detail.status)) : texts.answerRefused(reason),
    }
  );
}

function keyId(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function absent(error: unknown): null {
  if (error instanceof OAuthFailure) return null;
  throw error;
}
