import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { FailureKind, SetupGuide, ToldFailure } from "./hooks.ts";
import { pageByParameter } from "./internal/api-pages.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface FacebookOptions {
  /** Default `facebook`. */
  readonly id?: string | undefined;
  /** Default `Facebook`. */
  readonly name?: string | LocalizedName | undefined;
  /** The app id: a number. */
  readonly clientId: string | undefined;
  /** The app secret. */
  readonly clientSecret: string | undefined;
  /** Default `v24.0`. A version ends about two years after it came. */
  readonly graphVersion?: string | undefined;
  /** Default `public_profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified, although Facebook does not tell. */
  readonly trustEmail?: boolean | undefined;
  /** Where people sign in. Default `https://www.facebook.com`; another one for tests. */
  readonly baseUrl?: string | undefined;
  /** The Graph API. Default `https://graph.facebook.com`; another one for tests. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** Two people. */
const MARK =
  "M9 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM16 6a2.8 2.8 0 1 0 0 5.6A2.8 2.8 0 0 0 16 6ZM2 20c0-4 3-7 7-7s7 3 7 7ZM17.5 20c0-2.6-.9-4.6-2.3-6.1 4-.9 6.8 2.3 6.8 6.1Z";
const WHERE = "Meta for Developers → My Apps → your app → App settings → Basic.";

/**
 * Facebook Login.
 *
 * - The addresses carry a version of the Graph API, which ends after about two years: `graphVersion`.
 * - The subject is another one for every app. It may be beyond 2^53.
 * - The e-mail is missing when the person has none or has unticked it, and nothing tells whether it is verified.
 * - Errors are objects: `{ "error": { "code": 100, "error_subcode": 36009, … } }`, with status 400 as a rule. What we tell
 *   the administrator is `100.36009`. That code 1 at the token endpoint means a wrong secret was seen, not documented.
 * - JSON was seen under `text/javascript`, so the content type is not looked at.
 * - There are no refresh tokens. Revoking takes back everything that the person has allowed the app.
 * - An app with "Require App Secret" wants every call to carry a proof, which is not sent: leave it off.
 * - PKCE is accepted (seen, not documented). A `#_=_` behind the callback address does no harm.
 */
export function facebook<const Id extends string = "facebook", Keeps extends boolean = false>(
  options: FacebookOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function facebook(options: FacebookOptions): ProviderDefinition {
  const { id = "facebook", name = "Facebook", graphVersion = "v24.0" } = options;
  const { scopes = ["public_profile", "email"] } = options;
  const base = trimSlashes(options.baseUrl ?? "https://www.facebook.com");
  const graph = `${trimSlashes(options.apiUrl ?? "https://graph.facebook.com")}/${graphVersion}`;
  const addresses = { baseUrl: options.baseUrl, apiUrl: options.apiUrl };
  const definition = oauth2Definition({
    id,
    name,
    mark: MARK,
    issuer: base,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    endpoints: {
      authorization: `${base}/${graphVersion}/dialog/oauth`,
      token: `${graph}/oauth/access_token`,
    },
    scopes,
    scopeSeparator: ",",
    identity: [
      {
        as: "user",
        request: () => ({ url: `${graph}/me`, query: { fields: "id,name,email,picture" } }),
        read: { codec: "json", failure: (body) => failure(body, {}) },
      },
    ],
    profile,
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret graphVersion scopes trustEmail baseUrl apiUrl"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkDigits("clientId", options.clientId, WHERE),
        checkVersion(graphVersion),
        checkScopes(scopes),
        checkAddresses(addresses),
      ),
    namedHosts: () => givenHosts(addresses),
  });
  return {
    ...definition,
    read: { ...STANDARD_READ, codec: "json", failure: (body) => failure(body, { "1": "client_invalid" }) },
    subjectShape: DIGITS,
    api: { baseUrl: graph, paging: pageByParameter("paging.cursors.after", "after", "paging.next") },
    lifecycle: {
      refresh: null,
      revoke: (_context, token) => ({
        method: "DELETE",
        url: `${graph}/me/permissions`,
        headers: { authorization: `Bearer ${token}` },
      }),
      endSession: null,
    },
    // Phones and old browsers are sent on to pages of their own.
    redirectOrigins:
      options.baseUrl === undefined ? ["https://m.facebook.com", "https://web.facebook.com"] : [],
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact", "https_only"],
  advice: {
    "100.36008": {
      en: "The callback address differs from the registered one. Copy it, word for word, to Facebook Login → Settings → Valid OAuth Redirect URIs.",
      "zh-CN":
        "回调地址与登记的不一致。请把它原样复制到 Facebook Login → Settings → Valid OAuth Redirect URIs。",
    },
    "191": {
      en: "Add the host of the application to App Domains, and the callback address to Valid OAuth Redirect URIs.",
      "zh-CN": "请把应用的域名加入 App Domains，并把回调地址加入 Valid OAuth Redirect URIs。",
    },
    client_invalid: {
      en: "The app secret is probably wrong. Copy it again from App settings → Basic.",
      "zh-CN": "应用密钥可能不正确，请从 App settings → Basic 重新复制。",
    },
    "100": {
      en: "Is Require App Secret on (App settings → Advanced)? Switch it off. Otherwise look whether the Graph version has ended.",
      "zh-CN":
        "是否开启了 Require App Secret（App settings → Advanced）？请关闭。否则请检查 Graph 版本是否已停用。",
    },
    app_not_ready: {
      en: "In development mode only people with a role in the app can sign in: publish the app, or add them as testers.",
      "zh-CN": "开发模式下只有应用的成员可以登录：请发布应用，或把他们添加为测试人员。",
    },
  },
  facts: { subject: "id", emailVerified: "no" },
};

const KINDS: Readonly<Record<string, FailureKind>> = {
  "36007": "code_invalid",
  "36008": "redirect_mismatch",
  "36009": "code_invalid",
  "1": "transient",
  "2": "transient",
  "4": "rate_limited",
  "17": "rate_limited",
  "32": "rate_limited",
  "613": "rate_limited",
  "101": "client_invalid",
  "191": "redirect_mismatch",
};

/** `here` = codes that mean something else at this endpoint. */
function failure(body: unknown, here: Readonly<Record<string, FailureKind>>): ToldFailure | null {
  const error = asObject(at(body, "error"));
  if (error === null) return null;
  const code = String(error.code ?? "missing");
  const subcode = error.error_subcode === undefined ? "" : String(error.error_subcode);
  const kind = KINDS[subcode] ?? here[code] ?? KINDS[code] ?? "protocol";
  return { kind, code: subcode === "" ? code : `${code}.${subcode}` };
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.id,
    handle: user.email,
    name: user.name,
    email: user.email,
    emailVerified: null,
    picture: at(user, "picture.data.url"),
    claims: user,
  };
}

function checkVersion(version: unknown): Check {
  return () =>
    typeof version === "string" && /^v\d+\.\d+$/.test(version)
      ? []
      : [problem("graphVersion", "is not a version", 'Write it as "v24.0".')];
}
