import { isIP } from "node:net";
import { isLoopbackHost } from "../../oauth/address-policy.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import type { RedirectRule } from "../../providers/hooks.ts";
import type { Outcome } from "../finding.ts";

/** Whether the callback address is one that the provider lets people register. */
export function checkCallbackRules(definition: ProviderDefinition, redirectUri: string): Outcome {
  const { redirectRules = [], register: where = "" } = definition.guide ?? {};
  const url = new URL(redirectUri);
  const broken = redirectRules.filter((rule) => breaks(url, rule));
  const evidence = [redirectUri];
  if (broken.length > 0) return { status: "fail", evidence, say: (texts) => texts.callbackBreaks(broken) };
  const register = addressToRegister(redirectUri, redirectRules);
  if (redirectRules.includes("https_only") && url.protocol === "http:") {
    return { status: "info", evidence, say: (texts) => texts.callbackLocal(register, where) };
  }
  return { status: "ok", evidence, say: (texts) => texts.callbackFits(register, where) };
}

/** What is written into the provider's form: the whole address, or only its domain. */
export function addressToRegister(redirectUri: string, rules: readonly RedirectRule[]): string {
  return rules.includes("domain_only") && !rules.includes("exact") ? new URL(redirectUri).host : redirectUri;
}

/** This machine is excused from everything unless it is forbidden by name: that is how providers read their rules. */
function breaks(url: URL, rule: RedirectRule): boolean {
  const local = isLoopbackHost(url.hostname);
  switch (rule) {
    case "https_only":
      return url.protocol !== "https:" && !local;
    case "no_localhost":
      return local;
    case "no_ip":
      return !local && isAddress(url.hostname);
    case "public_tld_only":
      return !local && !isAddress(url.hostname) && !isPublicName(url.hostname);
    case "domain_only":
    case "exact":
    case "sub_path_ok":
    case "single_uri":
      return false;
  }
}

function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
}

/** Not one of the names that exist inside a network only (RFC 2606, RFC 6762, RFC 8375, and what people use besides). */
function isPublicName(hostname: string): boolean {
  const last = hostname.replace(/\.$/, "").split(".").at(-1) ?? "";
  return hostname.includes(".") && !INSIDE.has(last);
}

const INSIDE: ReadonlySet<string> = new Set(
  "arpa corp example home internal intranet invalid lan local localdomain private test".split(" "),
);
