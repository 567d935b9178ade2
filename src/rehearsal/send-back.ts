import type { Locale } from "../i18n/locale.ts";
import {
  type AuthorizationRequest,
  type AuthorizationRules,
  callbackParameters,
} from "./authorization-request.ts";
import { formPostPage } from "./pages/form-post-page.ts";
import { seeOther } from "./responses.ts";

/** Sends the browser back to the client with an answer, by redirect or by a form that posts itself. */
export async function sendBack(
  rules: AuthorizationRules,
  issuer: string,
  request: AuthorizationRequest,
  answer: Readonly<Record<string, string>>,
  locale: Locale,
): Promise<Response> {
  const parameters = callbackParameters(rules, issuer, request, answer);
  if (request.responseMode === "form_post") {
    return formPostPage({ locale, action: request.redirectUri, fields: parameters });
  }
  const callback = new URL(request.redirectUri);
  for (const [name, value] of parameters) callback.searchParams.append(name, value);
  const response = seeOther(callback);
  if (rules.fragment !== undefined) response.headers.set("x-rehearsal-fragment", rules.fragment);
  return response;
}
