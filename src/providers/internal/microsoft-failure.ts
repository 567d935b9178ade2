import type { FailureKind, ToldFailure } from "../hooks.ts";
import { at } from "./at.ts";

/** What an error of the token endpoint means: by its AADSTS number where that says more than the word of RFC 6749. */
export function microsoftFailure(body: unknown): ToldFailure | null {
  const error = at(body, "error");
  if (typeof error !== "string" || error === "") return null;
  const number = numberOf(body);
  const kind = (number === null ? undefined : NUMBERS[number]) ?? WORDS[error] ?? "protocol";
  return { kind, code: number === null ? error : `AADSTS${number}` };
}

function numberOf(body: unknown): string | null {
  const codes = at(body, "error_codes");
  const first: unknown = Array.isArray(codes) ? codes[0] : null;
  if (Number.isSafeInteger(first)) return String(first);
  return /^AADSTS(\d{1,12})\b/.exec(String(at(body, "error_description")))?.[1] ?? null;
}

const NUMBERS: Readonly<Record<string, FailureKind>> = {
  "50011": "redirect_mismatch",
  "50020": "user_not_allowed",
  "50105": "user_not_allowed",
  "53003": "user_not_allowed",
  "54005": "code_invalid",
  "65001": "app_not_ready",
  "70008": "code_invalid",
  "90033": "transient",
  "90094": "app_not_ready",
  "700016": "app_not_ready",
  "7000215": "client_invalid",
  "7000222": "client_invalid",
  "9002325": "app_not_ready",
  "9002327": "app_not_ready",
};

const WORDS: Readonly<Record<string, FailureKind>> = {
  invalid_client: "client_invalid",
  invalid_grant: "code_invalid",
  // The request is right by the book, so it is the registration that does not fit it.
  invalid_request: "app_not_ready",
  invalid_resource: "app_not_ready",
  invalid_scope: "app_not_ready",
  temporarily_unavailable: "transient",
  unauthorized_client: "app_not_ready",
};
