import type { Locale } from "../i18n/locale.ts";
import {
  type AuthorizationRequest,
  type AuthorizationRules,
  callbackUrl,
  type ReadAuthorizationRequest,
  readAuthorizationRequest,
} from "./authorization-request.ts";
import type { Handler, RehearsalContext } from "./context.ts";
import { type MisbehaviourMode, parseMisbehaviour } from "./misbehaviours.ts";
import { messagePage } from "./pages/message-page.ts";
import { pickerPage } from "./pages/picker-page.ts";
import { seeOther } from "./responses.ts";

/** `GET`: shows who can be picked. Nothing is remembered: the request stays in the address of the form. */
export function showPicker(rules: AuthorizationRules): Handler {
  return (context, { url, locale }) => {
    const read = readAuthorizationRequest(rules, context, url.searchParams);
    if (read.kind !== "valid") return turnAway(read, locale);
    if (url.searchParams.get("prompt") === "none") {
      return seeOther(callbackUrl(rules, context.issuer, read.request, { error: "login_required" }));
    }
    return pickerPage({
      locale,
      flavour: rules.flavour,
      action: `${url.pathname}${url.search}`,
      clientId: read.request.client.clientId,
      redirectUri: read.request.redirectUri,
      personas: context.people.list(),
      misbehave: read.request.misbehave,
    });
  };
}

/** `POST` to the same address: `persona=<id>` sends the person back with a code, `decision=cancel` without one. */
export function decide(rules: AuthorizationRules): Handler {
  return (context, { url, form, locale, faults }) => {
    const read = readAuthorizationRequest(rules, context, url.searchParams);
    if (read.kind !== "valid") return turnAway(read, locale);
    const misbehave = chosenMisbehaviour(form, read.request);
    if (misbehave === "unknown") return messagePage(400, locale, "badRequest", "misbehave is unknown");

    const cancelled =
      form.get("decision") === "cancel" || faults.some(({ row }) => row.decision === "cancel");
    if (cancelled || misbehave === "cancel") {
      const answer = { error: "access_denied", ...rules.onCancel };
      return seeOther(callbackUrl(rules, context.issuer, read.request, answer));
    }
    const persona = context.people.find(form.get("persona") ?? "");
    if (persona === null) return messagePage(400, locale, "badRequest", "persona is unknown or missing");
    const code = grantCode(rules, context, read.request, persona.id, misbehave);
    return seeOther(callbackUrl(rules, context.issuer, read.request, { code }));
  };
}

function turnAway(read: Exclude<ReadAuthorizationRequest, { kind: "valid" }>, locale: Locale) {
  return read.kind === "refused"
    ? seeOther(read.callback)
    : messagePage(400, locale, "badRequest", read.reason);
}

/** The form's choice counts, also when it says "none"; the address speaks for those who post without the field. */
function chosenMisbehaviour(
  form: URLSearchParams,
  request: AuthorizationRequest,
): MisbehaviourMode | null | "unknown" {
  const chosen = form.get("misbehave");
  if (chosen === null) return request.misbehave;
  return chosen === "" ? null : (parseMisbehaviour(chosen) ?? "unknown");
}

function grantCode(
  rules: AuthorizationRules,
  context: RehearsalContext,
  request: AuthorizationRequest,
  personaId: string,
  misbehave: MisbehaviourMode | null,
): string {
  const code = rules.newCode();
  context.grants.addCode(code, {
    flavour: rules.flavour,
    clientId: request.client.clientId,
    redirectUri: request.redirectUri,
    personaId,
    scope: request.scope,
    codeChallenge: request.codeChallenge,
    nonce: request.nonce,
    misbehave,
    authTime: Math.floor(context.now() / 1000),
  });
  return code;
}
