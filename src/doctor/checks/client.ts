import { randomToken } from "../../crypto/random.ts";
import { PosternError } from "../../errors.ts";
import { SILENT_LOG } from "../../model/log.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { connect } from "../../providers/connect.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import type { Server } from "../../providers/internal/server.ts";
import type { Provider, StartInput } from "../../providers/provider.ts";
import { adviceFor } from "../advice.ts";
import { connectionTrouble, evidenceOf, type ToldTrouble } from "../connection-trouble.ts";
import type { Outcome } from "../finding.ts";

export interface ClientCheck {
  readonly definition: ProviderDefinition;
  readonly server: Server;
  readonly redirectUri: string;
}

/**
 * Tries the client's credentials without a user: a random code is sent just as a sign-in would send a real one. That
 * the code is refused proves that the client is not. Trusts in the provider to look at the client first.
 */
export async function checkClient(
  what: ClientCheck,
  deps: { readonly outbound: Outbound; readonly now: () => number },
): Promise<Outcome> {
  const { definition, redirectUri } = what;
  const provider = connect(definition, { ...deps, log: SILENT_LOG });
  const attempt = {
    redirectUri,
    state: randomToken(),
    nonce: randomToken(),
    codeVerifier: randomToken(),
  };
  const told =
    definition.kind === "oauth1"
      ? await askForStart(provider, attempt)
      : await tryCode(what, provider, attempt);
  return judge(what, told);
}

/** There the first request is signed with the secret already, and whoever signs it wrongly is refused (RFC 5849 §3.2). */
async function askForStart(provider: Provider, attempt: StartInput): Promise<ToldTrouble> {
  try {
    await provider.start(attempt);
    return { reason: "code_invalid", detail: {} };
  } catch (error) {
    if (error instanceof PosternError) return { reason: error.reason ?? error.code, detail: {} };
    throw error;
  }
}

async function tryCode(
  { definition, server }: ClientCheck,
  provider: Provider,
  attempt: StartInput,
): Promise<ToldTrouble> {
  const { codeParameter, stateParameter } = definition.callback;
  const parameters = new URLSearchParams({ [codeParameter]: randomToken(), [stateParameter]: attempt.state });
  if (server.sendsIssuer) parameters.set("iss", callbackIssuer(definition));
  const result = await provider.finish({ ...attempt, parameters });
  return result.kind === "failed" ? result : { reason: result.kind, detail: {} };
}

/** What the provider would call itself in the callback (RFC 9207); with a template any tenant will do. */
function callbackIssuer({ issuer, issuerTemplate, callback }: ProviderDefinition): string {
  if (issuerTemplate === undefined) return callback.issuers[0] ?? issuer;
  const { template, claim, allowed } = issuerTemplate;
  return template.replace(`{${claim}}`, allowed?.[0] ?? "any");
}

function judge({ definition, redirectUri }: ClientCheck, told: ToldTrouble): Outcome {
  const evidence = [evidenceOf(told)];
  const advice = adviceFor(definition, told);
  switch (told.reason) {
    case "code_invalid":
      return {
        status: "ok",
        evidence,
        say: (texts) => (isPublic(definition) ? texts.clientKnown() : texts.secretRight()),
      };
    case "client_invalid":
      return { status: "fail", evidence, advice, say: (texts) => texts.secretWrong() };
    case "unauthorized_client":
      return { status: "fail", evidence, advice, say: (texts) => texts.clientNotAllowed() };
    case "redirect_mismatch":
      return { status: "fail", evidence, say: (texts) => texts.redirectRefused(redirectUri) };
    case "app_not_ready":
      return { status: "warn", evidence, advice, say: (texts) => texts.appNotReady() };
    default:
      return (
        connectionTrouble(told) ?? {
          status: "skip",
          evidence,
          advice,
          say: (texts) => texts.secretUnknown(told.reason),
        }
      );
  }
}

function isPublic({ clientSecret, mintedSecret, signedGateway }: ProviderDefinition): boolean {
  return clientSecret() === null && mintedSecret === undefined && signedGateway === undefined;
}
