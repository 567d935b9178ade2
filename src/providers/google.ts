import type { ProviderDefinition, Sources } from "./definition.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkParameters,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface GoogleOptions {
  /** Default `google`. */
  readonly id?: string | undefined;
  /** Default `Google`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Only accounts of this Google Workspace domain; `*` = of any Workspace. Default: every Google account. */
  readonly hostedDomain?: string | undefined;
  /** Extras of the authorization address. Default `{ prompt: "select_account" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
}

const ISSUER = "https://accounts.google.com";
/** A ring with an opening and a bar. */
const MARK = "M20.5 11H12v3h5.1a5.5 5.5 0 1 1-1.3-5.9l2.1-2.1A8.5 8.5 0 1 0 20.5 12.5Z";
const WHERE =
  "Google Cloud console → APIs & Services → Credentials → OAuth 2.0 Client IDs (type: Web application).";

/**
 * Google and Google Workspace.
 *
 * - Old tokens carry the issuer without `https://`: both spellings count, identities keep the one with it.
 * - The `hd` parameter only pre-selects and people can take it out; the `hd` claim of the ID token decides.
 *   Consumer accounts have no such claim.
 * - All claims are in the ID token, so userinfo is never asked.
 * - A wrong redirect URI or an "internal" application is told on Google's page and never comes back.
 */
export function google(options: GoogleOptions): ProviderDefinition {
  const { id = "google", name = "Google", hostedDomain } = options;
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: ISSUER,
    issuerAliases: ["accounts.google.com"],
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    scopes: ["email", "profile"],
    parameters: {
      ...(hostedDomain === undefined ? {} : { hd: hostedDomain }),
      ...(options.authorizationParameters ?? { prompt: "select_account" }),
    },
    idTokenAlgorithms: ["RS256"],
    userInfo: "never",
    restrict: (sources) => (isFrom(hostedDomain, sources) ? null : "hosted_domain"),
    problems: () =>
      findProblems(
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkHostedDomain(hostedDomain),
        checkParameters(options.authorizationParameters),
      ),
  });
  // Nobody wrote Google's hosts down, so none of them may be private.
  return { ...definition, namedHosts: () => [] };
}

function isFrom(hostedDomain: string | undefined, { idToken }: Sources): boolean {
  if (hostedDomain === undefined) return true;
  const domain = idToken?.hd;
  if (typeof domain !== "string" || domain === "") return false;
  return hostedDomain === "*" || domain.toLowerCase() === hostedDomain.toLowerCase();
}

function checkHostedDomain(hostedDomain: unknown): Check {
  return () => {
    const fine =
      hostedDomain === undefined ||
      (typeof hostedDomain === "string" && /^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i.test(hostedDomain));
    return fine
      ? []
      : [problem("hostedDomain", "is not a domain", 'Write "example.com", or "*" for any Google Workspace.')];
  };
}
