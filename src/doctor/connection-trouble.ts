import type { OAuthFailure } from "../oauth/oauth-failure.ts";
import type { Outcome } from "./finding.ts";

/** What the doctor needs to know of a failure, wherever it was told. */
export type ToldTrouble = Pick<OAuthFailure, "reason" | "detail">;

/** What stands between us and the provider, whatever was asked; `null` = it has answered. */
export function connectionTrouble({ reason, detail }: ToldTrouble): Outcome | null {
  const host = String(detail.host ?? "");
  const evidence = [evidenceOf({ reason, detail })];
  if (UNREACHABLE.has(reason)) {
    return { status: "fail", evidence, say: (texts) => texts.unreachable(host, reason) };
  }
  switch (reason) {
    case "tls_failed":
      return { status: "fail", evidence, say: (texts) => texts.tlsFailed(host) };
    case "ssrf_blocked":
      return { status: "fail", evidence, say: (texts) => texts.addressRefused(host) };
    case "insecure_url":
      return { status: "fail", evidence, say: (texts) => texts.insecureUrl() };
    default:
      return null;
  }
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  "circuit_open",
  "connect_timeout",
  "connection_failed",
  "connection_refused",
  "dns_failed",
  "timeout",
]);

/** A failure as evidence: its reason and the small facts beside it, which hold no secret. */
export function evidenceOf({ reason, detail }: ToldTrouble): string {
  const facts = Object.entries(detail).flatMap(([name, value]) =>
    SHOWN.has(name) && value !== null ? [`${name} ${value}`] : [],
  );
  return [reason, ...facts].join(", ");
}

const SHOWN: ReadonlySet<string> = new Set([
  "announced",
  "configured",
  "endpoint",
  "host",
  "member",
  "milliseconds",
  "providerCode",
  "status",
  "tls",
]);
