import { parseJson } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { given } from "./internal/defaults.ts";
import { ROUND_TRIP } from "./internal/freshness.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import { oidcProfile } from "./internal/oidc-profile.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  findProblems,
  problem,
} from "./internal/problems.ts";
import { verified } from "./internal/verified.ts";
import type { LocalizedName } from "./provider.ts";

export interface AppleOptions {
  /** Default `apple`. */
  readonly id?: string | undefined;
  /** Default `Apple`. */
  readonly name?: string | LocalizedName | undefined;
  /** The Services ID, such as `com.example.admin.web`; not the App ID. */
  readonly clientId: string | undefined;
  /** Ten letters and digits; at the top right of the developer account. */
  readonly teamId: string | undefined;
  /** Ten letters and digits; on the page of the key. */
  readonly keyId: string | undefined;
  /** What the `.p8` file holds. Line breaks written as `\n`, as environment variables often have them, are fine. */
  readonly privateKey: string | undefined;
  /** Default false. True: an e-mail counts as verified unless Apple says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Default `https://appleid.apple.com`; another one for tests. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A round fruit with a leaf. */
const MARK =
  "M12 8c-2.2-1.6-7-1-7 4.6C5 17 8 21 10 21c.9 0 1.2-.5 2-.5s1.1.5 2 .5c2 0 5-4 5-8.4C19 7 14.2 6.4 12 8ZM12 6c0-2.2 1.4-4 3.6-4 0 2.2-1.4 4-3.6 4Z";
const WHERE = "Apple Developer → Certificates, Identifiers & Profiles → Identifiers → Services IDs.";
const KEYS = "Apple Developer → Certificates, Identifiers & Profiles → Keys.";
const FIVE_MINUTES = 300;

/**
 * Sign in with Apple.
 *
 * - The client secret is a JWT that is signed for each use; Apple would take one of half a year, but then somebody
 *   must remember to renew it.
 * - With scopes the callback must come as a POST (`form_post`).
 * - The name comes once, at the very first consent, in the form field `user`, which nobody has signed: it is shown and
 *   otherwise believed in nothing. To see it again, people remove the app from their Apple account.
 * - There is no userinfo and no sign-out; the ID token tells all.
 * - `email_verified` is a boolean or a text. The address may be a relay that forwards.
 * - The subject is the same for all Services IDs of a team, and another one for another team.
 * - PKCE is not announced; it is sent, and does no harm (seen, not documented).
 * - It knows neither `max_age` nor `prompt`: a step-up can see no more than that people have been there and back.
 */
export function apple<const Id extends string = "apple", Keeps extends boolean = false>(
  options: AppleOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function apple(options: AppleOptions): ProviderDefinition {
  const { id = "apple", name = "Apple" } = options;
  const issuer = trimSlashes(options.baseUrl ?? "https://appleid.apple.com");
  const [clientId, teamId, pem] = [
    given(options.clientId),
    given(options.teamId),
    readPem(options.privateKey),
  ];
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer,
    clientId,
    clientSecret: undefined,
    clientAuthentication: "client_secret_post",
    scopes: ["name", "email"],
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(options, "teamId keyId privateKey trustEmail baseUrl"),
        checkId(id),
        checkName(name),
        checkCredentials({ clientId: options.clientId, clientAuthentication: "none" }, WHERE),
        checkServicesId(clientId, teamId),
        checkTen("teamId", options.teamId, "Apple Developer → Membership details."),
        checkTen("keyId", options.keyId, KEYS),
        checkPrivateKey(options.privateKey, pem),
        checkAddresses({ baseUrl: options.baseUrl }),
      ),
  });
  return {
    ...definition,
    freshness: ROUND_TRIP,
    endpoints: { userInfo: null, endSession: null },
    authorize: { ...definition.authorize, responseMode: "form_post" },
    callback: {
      ...definition.callback,
      cancelled: (parameters) => CANCELLED.has(parameters.get("error") ?? ""),
      capture: (parameters) => ({ user: readUser(parameters.get("user")) }),
    },
    mintedSecret: {
      keyId: given(options.keyId),
      privateKey: () => pem ?? "",
      claims: (now) => ({ iss: teamId, sub: clientId, aud: issuer, iat: now, exp: now + FIVE_MINUTES }),
    },
    profile,
    lifecycle: { refresh: { rotates: false }, revoke: "rfc7009", endSession: null },
    guide: GUIDE,
    namedHosts: () => givenHosts({ baseUrl: options.baseUrl }),
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["https_only", "no_localhost", "no_ip", "exact", "public_tld_only"],
  advice: {
    client_invalid: {
      en: "Services ID, team, key id and private key do not belong together, or the key was revoked. Is clientId the App ID by mistake?",
      "zh-CN": "Services ID、团队、密钥 ID 与私钥不匹配，或密钥已被吊销。请确认 clientId 没有误填为 App ID。",
    },
    redirect_mismatch: {
      en: "Add the domain and the callback address to the Services ID, under Sign in with Apple → Configure. localhost and plain http are not accepted: use a tunnel.",
      "zh-CN":
        "请在 Services ID 的“Sign in with Apple → Configure”中加入域名与回调地址。不接受 localhost 和 http，本地开发需要内网穿透。",
    },
    state_mismatch: {
      en: "The cookie of the sign-in did not come back. Apple's callback is a POST from its own site, so the address must be https.",
      "zh-CN": "登录过程的 Cookie 没有随回调返回。Apple 的回调是跨站 POST，因此站点必须使用 https。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};

const CANCELLED = new Set(["user_cancelled_authorize", "access_denied"]);

// Only the name is of use, so nothing else of what nobody signed is kept.
function readUser(json: string | null): { readonly name: string } | null {
  if (json === null || json.length > 2048) return null;
  try {
    const name = at(parseJson(json), "name");
    const [first, last] = [at(name, "firstName"), at(name, "lastName")].map((part) =>
      typeof part === "string" ? part.trim() : "",
    );
    const whole = /^\p{Script=Han}+$/u.test(`${first}${last}`)
      ? `${last}${first}`
      : `${first} ${last}`.trim();
    return whole === "" ? null : { name: whole };
  } catch {
    return null;
  }
}

function profile(sources: Sources): Profile {
  const standard = oidcProfile(sources);
  return {
    ...standard,
    name: at(sources.callback, "user.name"),
    emailVerified: verified(standard.claims.email_verified),
  };
}

/** PKCS #8 PEM with its line breaks mended, `null` when it is none. */
function readPem(privateKey: unknown): string | null {
  const text = typeof privateKey === "string" ? privateKey.replaceAll("\\n", "\n") : "";
  const body = /^\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----\s*$/.exec(
    text,
  )?.[1];
  const lines = body?.replaceAll(/\s/g, "").match(/.{1,64}/g);
  if (lines === undefined || lines === null) return null;
  return ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
}

function checkServicesId(clientId: string, teamId: string): Check {
  return () =>
    teamId !== "" && clientId.startsWith(`${teamId}.`)
      ? [problem("clientId", "is an App ID: it begins with the team", `Give the Services ID. ${WHERE}`)]
      : [];
}

function checkTen(path: string, value: unknown, where: string): Check {
  return () =>
    typeof value === "string" && /^[A-Z0-9]{10}$/.test(value)
      ? []
      : [problem(path, "is not ten capital letters and digits", where)];
}

function checkPrivateKey(privateKey: unknown, pem: string | null): Check {
  return () => {
    if (pem !== null) return [];
    if (privateKey === undefined || privateKey === "") {
      return [problem("privateKey", "is missing (is its environment variable set?)", KEYS)];
    }
    return [
      problem(
        "privateKey",
        "is not a private key in PKCS #8 PEM",
        "Give all of the .p8 file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.",
      ),
    ];
  };
}
