import type { Locale } from "../i18n/locale.ts";
import {
  type AuthorizationRequest,
  type AuthorizationRules,
  type ReadAuthorizationRequest,
  readAuthorizationRequest,
} from "./authorization-request.ts";
import type { Handler, RehearsalContext } from "./context.ts";
import type { Grant } from "./grants.ts";
import { type MisbehaviourMode, parseMisbehaviour } from "./misbehaviours.ts";
import { messagePage } from "./pages/message-page.ts";
import { pickerPage } from "./pages/picker-page.ts";
import { sendBack } from "./send-back.ts";

/** `GET`: shows who can be picked. Nothing is remembered: the request stays in the address of the form. */
export function showPicker(rules: AuthorizationRules): Handler {
  return (context, call) => {
    const { url, locale } = call;
    const read = readAuthorizationRequest(rules, context, call);
    if (read.kind !== "valid") return turnAway(rules, context, read, locale);
    if (url.searchParams.get("prompt") === "none") {
      return sendBack(rules, context.issuer, read.request, { error: "login_required" }, locale);
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
  return (context, call) => {
    const { form, locale, faults } = call;
    const read = readAuthorizationRequest(rules, context, call);
    if (read.kind !== "valid") return turnAway(rules, context, read, locale);
    const misbehave = chosenMisbehaviour(form, read.request);
    if (misbehave === "unknown") return messagePage(400, locale, "badRequest", "misbehave is unknown");

    const cancelled =
      form.get("decision") === "cancel" || faults.some(({ row }) => row.decision === "cancel");
    if (cancelled || misbehave === "cancel") {
      const answer = rules.cancelled(read.request);
      return answer === null
        ? messagePage(200, locale, "closed", null)
        : sendBack(rules, context.issuer, read.request, answer, locale);
    }
    const persona = context.people.find(form.get("persona") ?? "");
    if (persona === null) return messagePage(400, locale, "badRequest", "persona is unknown or missing");
    const refusal = rules.turnAway?.(persona, read.request) ?? null;
    if (refusal !== null) return messagePage(403, locale, "badRequest", refusal);

    const code = rules.newCode();
    const grant = newGrant(rules, context, read.request, persona.id, misbehave);
    context.grants.addCode(code, grant);
    const answer = rules.granted?.(code, grant, persona) ?? { code };
    return sendBack(rules, context.issuer, read.request, answer, locale);
  };
}

function turnAway(
  rules: AuthorizationRules,
  { issuer }: RehearsalContext,
  read: Exclude<ReadAuthorizationRequest, { kind: "valid" }>,
  locale: Locale,
): Promise<Response> {
  return read.kind === "refused"
    ? sendBack(rules, issuer, read.request, read.answer, locale)
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

function newGrant(
  rules: AuthorizationRules,
  context: RehearsalContext,
  request: AuthorizationRequest,
  personaId: string,
  misbehave: MisbehaviourMode | null,
): Grant {
  const { client, redirectUri, scope, asked, place, codeChallenge, nonce } = request;
  return {
    flavour: rules.flavour,
    clientId: client.clientId,
    redirectUri,
    personaId,
    scope,
    asked,
    place,
    codeChallenge,
    nonce,
    sid: rules.flavour === "openid" ? context.sessions.begin(client.clientId, personaId) : null,
    misbehave,
    firstConsent: context.consents.give(rules.flavour, client.clientId, personaId),
    authTime: Math.floor(context.now() / 1000),
  };
}
