import { type AnswerReading, readAnswer } from "../../oauth/answer.ts";
import { asObject, type JsonObject } from "../../oauth/json.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import { type OAuth1Credentials, oauth1Authorization } from "../../oauth/oauth1-signature.ts";
import { attributesOf, inSpan } from "../../operation/spans.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { RequestDescription } from "../hooks.ts";
import type { FinishInput, FinishResult, StartInput, StartResult } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { contextOf } from "./finish.ts";
import { membershipOf } from "./membership.ts";
import { runSteps } from "./run-steps.ts";
import { send } from "./send.ts";
import { toUserInfo } from "./user-info.ts";

/**
 * Asks for temporary credentials (RFC 5849 §2.1) and answers where to send the browser with them (§2.2). The protocol
 * has no `state`: ours stands in the callback address, and the temporary token is kept to be compared. @throws OAuthFailure
 */
export async function startOAuth1(
  definition: ProviderDefinition,
  input: StartInput,
  deps: Deps,
): Promise<StartResult> {
  const { endpoints, authorize } = definition;
  const callback = new URL(input.redirectUri);
  callback.searchParams.set("state", input.state);
  const answer = await askForToken(
    definition,
    { url: endpoints?.requestToken ?? "", protocol: { oauth_callback: callback.href }, token: null },
    deps,
  );
  // A server that knows only the protocol's first edition would let anybody's token be slipped in.
  if (String(answer.body.oauth_callback_confirmed) !== "true") {
    throw new OAuthFailure("provider_untrusted", "callback_not_confirmed", { endpoint: "token" });
  }
  const url = new URL(endpoints?.authorization ?? "");
  for (const [name, value] of Object.entries(authorize.parameters)) url.searchParams.set(name, value);
  url.searchParams.set("oauth_token", answer.token.value);
  return { url, keep: { oauthToken: answer.token.value, oauthTokenSecret: answer.token.secret } };
}

/** The way from the callback to a person (RFC 5849 §2.3, then the definition's signed steps). @throws OAuthFailure */
export async function finishOAuth1(
  definition: ProviderDefinition,
  input: FinishInput,
  deps: Deps,
): Promise<FinishResult> {
  // 1. Is it the answer to our own attempt?
  const callback = readOAuth1Callback(definition, input);
  if (callback === null) return { kind: "cancelled" };

  // 2. The temporary token becomes the person's.
  const { verifier, temporary } = callback;
  const told = attributesOf({ provider: definition.id });
  const wanted = {
    url: definition.endpoints?.token ?? "",
    protocol: { oauth_verifier: verifier },
    token: temporary,
  };
  const answer = await inSpan("postern.token_exchange", told, () => askForToken(definition, wanted, deps));

  // 3. Who is it?
  const { oauth_token: _, oauth_token_secret: __, ...tokenResponse } = answer.body;
  const context = { ...contextOf(definition, input, verifier, deps.now()), tokenResponse };
  const answers = await inSpan("postern.userinfo", told, () =>
    runSteps(definition.identity, context, async (step, request) => {
      const response = await sendSigned(definition, { request, token: answer.token }, step.as, deps);
      return readAnswer(response, step.read ?? {}, step.as);
    }),
  );
  const sources = { idToken: null, userInfo: null, answers, tokenResponse, callback: context.callback };
  const userInfo = toUserInfo(definition.profile(sources), definition.issuer, definition.trustEmail ?? false);

  // 4. May they come from here?
  const refusal = definition.restrict(sources);
  if (refusal !== null) return { kind: "failed", code: "not_allowed", reason: refusal, detail: {} };
  const belongs = membershipOf({ definition, sources, context: { ...context, answers }, tokens: null }, deps);
  return { kind: "arrived", userInfo, tokens: tokenSet(answer.token), sessionThere: null, belongs };
}

type Token = NonNullable<OAuth1Credentials["token"]>;

/** `null` = the person changed their mind. */
function readOAuth1Callback(
  { callback }: ProviderDefinition,
  { parameters, state, extra }: FinishInput,
): { readonly verifier: string; readonly temporary: Token } | null {
  const kept = extra?.oauthToken;
  const secret = extra?.oauthTokenSecret;
  if (kept === undefined || secret === undefined || parameters.get(callback.stateParameter) !== state) {
    throw new OAuthFailure("callback_invalid", "state_mismatch");
  }
  const denied = parameters.get("denied");
  if (denied !== null ? denied === kept : callback.cancelled(parameters)) return null;
  if (parameters.get("oauth_token") !== kept) throw new OAuthFailure("callback_invalid", "token_mismatch");
  const verifier = parameters.get("oauth_verifier") ?? "";
  if (verifier === "") throw new OAuthFailure("callback_invalid", "code_missing");
  if (!/^[\x20-\x7e]{1,4096}$/.test(verifier)) throw new OAuthFailure("callback_invalid", "code_malformed");
  return { verifier, temporary: { value: kept, secret } };
}

interface TokenRequest {
  readonly url: string;
  readonly protocol: Readonly<Record<string, string>>;
  readonly token: Token | null;
}

async function askForToken(
  definition: ProviderDefinition,
  { url, protocol, token }: TokenRequest,
  deps: Deps,
): Promise<{ readonly token: Token; readonly body: JsonObject }> {
  const request: RequestDescription = { method: "POST", url, headers: { accept: "*/*" } };
  const response = await sendSigned(definition, { request, protocol, token }, "token", deps);
  const reading: AnswerReading = { codec: "auto", ...definition.read };
  const body = asObject(await readAnswer(response, reading, "token").catch(unauthorized(token))) ?? {};
  const { oauth_token: value, oauth_token_secret: secret } = body;
  if (!isToken(value) || !isToken(secret)) {
    throw new OAuthFailure("provider_untrusted", "token_response_malformed", { endpoint: "token" });
  }
  return { token: { value, secret }, body };
}

// There is no word for it in the protocol: without a token it can only be the application that is refused (§3.2).
function unauthorized(token: Token | null) {
  return (error: unknown): never => {
    const plain = error instanceof OAuthFailure && error.reason === "refused" && error.detail.status === 401;
    if (!plain) throw error;
    const reason = token === null ? "client_invalid" : "code_invalid";
    throw new OAuthFailure("provider_rejected", reason, error.detail);
  };
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,1024}$/.test(value);
}

interface Signed {
  readonly request: RequestDescription;
  readonly protocol?: Readonly<Record<string, string>>;
  readonly token: Token | null;
}

function sendSigned(
  definition: ProviderDefinition,
  { request, protocol, token }: Signed,
  endpoint: string,
  deps: Deps,
): Promise<Response> {
  // The whole query must be in the address before it is signed.
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const credentials = {
    consumerKey: definition.clientId,
    consumerSecret: definition.clientSecret() ?? "",
    token,
  };
  const form = request.body !== undefined && "form" in request.body ? { form: request.body.form } : {};
  const authorization = oauth1Authorization(
    {
      method: request.method ?? "GET",
      url: url.href,
      ...form,
      ...(protocol === undefined ? {} : { protocol }),
    },
    credentials,
    deps.now(),
  );
  const { query: _, ...rest } = request;
  const signed = { ...rest, url: url.href, headers: { ...request.headers, authorization } };
  return send(signed, { token: null }, endpoint, deps.outbound);
}

/** Such a token is of use only with its secret: both are kept together, as a form. It never expires. */
function tokenSet({ value, secret }: Token) {
  const accessToken = String(new URLSearchParams({ oauth_token: value, oauth_token_secret: secret }));
  return { accessToken, refreshToken: null, idToken: null, expiresAt: null, scope: null };
}
