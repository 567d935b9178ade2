import type { JsonObject } from "../../oauth/json.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import type { Outcome } from "../finding.ts";

/** Whether a stolen code is worth nothing (RFC 7636); `document` = what discovery brought, `null` without discovery. */
export function checkPkce({ checks }: ProviderDefinition, document: JsonObject | null): Outcome {
  if (checks.pkce === "off") return { status: "info", evidence: [], say: (texts) => texts.pkceOff() };
  if (document === null) return { status: "ok", evidence: [], say: (texts) => texts.pkceSent() };
  const announced = document.code_challenge_methods_supported;
  const methods = Array.isArray(announced) ? announced.filter((method) => typeof method === "string") : [];
  const evidence = [`code_challenge_methods_supported ${methods.join(" ") || "–"}`];
  return methods.includes("S256")
    ? { status: "ok", evidence, say: (texts) => texts.pkceAnnounced() }
    : { status: "warn", evidence, say: (texts) => texts.pkceUnannounced() };
}
