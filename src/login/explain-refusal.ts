import { explainAccess, type Reason, type RuleExplanation } from "../access/explain-access.ts";
import type { Runtime } from "../runtime.ts";
import type { Admission, AdmitInput } from "./admission.ts";

type Refused = Extract<Admission, { kind: "refused" }>;

/** Refusals that the access rules lead to. */
const BY_RULES: ReadonlySet<Refused["code"]> = new Set(["not_allowed", "email_unverified", "no_role"]);

/**
 * The technical details on the page of somebody who is not let in. While an application is developed (`publicUrl` is
 * http) they say who arrived and what each rule made of it; in production only the reason.
 */
export async function explainRefusal(
  { settings, policy }: Pick<Runtime, "settings" | "policy">,
  { provider, userInfo, facts }: Pick<AdmitInput, "provider" | "userInfo" | "facts">,
  { code, reason }: Pick<Refused, "code" | "reason">,
): Promise<Readonly<Record<string, unknown>>> {
  if (settings.publicUrl.protocol !== "http:" || !BY_RULES.has(code)) return { reason };
  const { issuer, subject, handle, email, emailVerified } = userInfo;
  // Roles given by hand change what follows from the rules, not what each of them says.
  const { rules } = explainAccess(await policy.latest(), { provider, userInfo, facts, directRoles: [] });
  return {
    ...{ reason, provider, issuer, subject, handle, email, emailVerified },
    ...Object.fromEntries(rules.map((rule) => [rule.name, ruleText(rule)])),
  };
}

const ANSWERS = { yes: "matches", no: "does not match", cannot_tell: "cannot be told" } as const;

/** `allow, does not match: emailDomain (wanted acme.example, found gmail.com)` */
function ruleText({ name, rule, answer, reasons }: RuleExplanation): string {
  const told = reasons.map((reason) => reasonText(name, reason)).join("; ");
  const outcome = rule.isBroken === true ? `${rule.then} (broken)` : rule.then;
  return `${outcome}, ${ANSWERS[answer]}: ${told}`;
}

function reasonText(rule: string, { path, expected, found, why }: Reason): string {
  const place = path.slice(`${rule}.when`.length).replace(/^\./, "") || "when";
  const parts = [
    ...(expected === null ? [] : [`wanted ${expected}`]),
    ...(found === null ? [] : [`found ${found}`]),
    ...(why === null ? [] : [why]),
  ];
  return `${place} (${parts.join(", ")})`;
}
