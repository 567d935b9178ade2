import { asObject } from "../../oauth/json.ts";
import type { ToldFailure } from "../hooks.ts";

/** What a method answered: it stands under the method's own name. `undefined` = the answer is not to this method. */
export function alipayContent(body: unknown, method: string): unknown {
  const member = `${method.replaceAll(".", "_")}_response`;
  const object = asObject(body);
  return object !== null && Object.hasOwn(object, member) ? object[member] : undefined;
}

/** Failures stand under a name of their own, or under the method's with a code other than 10000. */
export function alipayFailure(body: unknown): ToldFailure | null {
  const told = Object.entries(asObject(body) ?? {}).find(([member]) => member.endsWith("_response"));
  const { code, sub_code: subCode } = asObject(told?.[1]) ?? {};
  const isError = told?.[0] === "error_response";
  if (!isError && (code === undefined || String(code) === "10000")) return null;
  const precise = String(subCode ?? code ?? "unknown");
  return { kind: KINDS[precise] ?? KINDS[String(code)] ?? "protocol", code: precise };
}

const KINDS: Readonly<Record<string, ToldFailure["kind"]>> = {
  "20000": "transient",
  "40005": "rate_limited",
  "40006": "app_not_ready",
  "isv.app-call-limited": "rate_limited",
  "isv.code-invalid": "code_invalid",
  "isv.insufficient-isv-permissions": "app_not_ready",
  "isv.invalid-app-id": "client_invalid",
  "isv.invalid-signature": "client_invalid",
  "isv.invalid-signature-type": "client_invalid",
  // A wrong clock is for the administrator to set right.
  "isv.invalid-timestamp": "app_not_ready",
  "isv.missing-signature": "client_invalid",
};
