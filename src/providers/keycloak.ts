import { asObject } from "../oauth/json.ts";
import type { ProviderDefinition, Remembered } from "./definition.ts";
import type { MembershipCheck, SetupGuide, Sources } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { claimMembership } from "./internal/claim-membership.ts";
import { given, STANDARD_READ } from "./internal/defaults.ts";
import { hostsOf, oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface KeycloakOptions {
  /** Default `keycloak`. */
  readonly id?: string | undefined;
  /** Default `Keycloak`. */
  readonly name?: string | LocalizedName | undefined;
  /** As people's browsers reach it: `https://sso.example.com`; with `/auth` at the end before version 17. */
  readonly baseUrl: string | undefined;
  /** As it stands in the address of its account page: `staff`. */
  readonly realm: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Where this server reaches it, when that is elsewhere: `https://keycloak.internal:8443`. Default `baseUrl`. */
  readonly backChannelUrl?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address: `{ kc_idp_hint: "google" }`. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Origins that people are sent on to at once, such as another place with `kc_idp_hint`. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless Keycloak says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A key that stands on its bit. */
const MARK = "M12 2a5 5 0 0 0-1.5 9.8V22h3v-2h3v-3h-3v-5.2A5 5 0 0 0 12 2Zm0 3a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z";
const WHERE = "Keycloak admin console → the realm → Clients → your client → Credentials.";

/**
 * Keycloak: one realm of it.
 *
 * - The issuer follows the hostname that the server is configured with. Behind a proxy the inner address can differ from
 *   it: `backChannelUrl` is for the calls of this server, while tokens still name the outer one.
 * - Realm and client roles are in the access token only, until their mappers are told to add them to the ID token or to
 *   userinfo. Groups need a mapper at all, and have a slash in front when it says "full path". Without, a rule cannot tell.
 * - `sub` comes from the built-in client scope `basic`; without that scope nobody can be recognised.
 * - The callback carries `session_state` and `iss`.
 * - A wrong secret is told as `unauthorized_client`, with status 401. (Seen, not documented.)
 * - `email_verified` is the flag of the user's page; an administrator can set it.
 */
export function keycloak<const Id extends string = "keycloak", Keeps extends boolean = false>(
  options: KeycloakOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function keycloak(options: KeycloakOptions): ProviderDefinition {
  const { id = "keycloak", name = "Keycloak" } = options;
  const realm = `/realms/${encodeURIComponent(given(options.realm))}`;
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: `${trimSlashes(options.baseUrl)}${realm}`,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    scopes: options.scopes,
    parameters: options.authorizationParameters,
    redirectOrigins: options.redirectOrigins,
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "baseUrl realm clientSecret backChannelUrl scopes authorizationParameters redirectOrigins trustEmail",
        ),
        checkId(id),
        checkName(name),
        checkAddress("baseUrl", options.baseUrl),
        checkRealm(options.realm),
        checkCredentials(options, WHERE),
        ...(options.backChannelUrl === undefined
          ? []
          : [checkAddress("backChannelUrl", options.backChannelUrl)]),
        checkScopes(options.scopes),
        checkParameters(options.authorizationParameters),
        checkOrigins(options.redirectOrigins),
      ),
  });
  return {
    ...definition,
    ...(options.backChannelUrl === undefined
      ? {}
      : backChannel(`${trimSlashes(options.backChannelUrl)}${realm}`)),
    read: { ...STANDARD_READ, errorNames: { unauthorized_client: "invalid_client" } },
    membership: { group: GROUP, role: claimMembership("ops", "realm_access.roles"), clientRole: CLIENT_ROLE },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: "rfc7009", endSession: "oidc" },
    guide: GUIDE,
    namedHosts: () => hostsOf(given(options.baseUrl), given(options.backChannelUrl)),
  };
}

function backChannel(realm: string): Pick<ProviderDefinition, "discoveryUrl" | "endpoints"> {
  const protocol = `${realm}/protocol/openid-connect`;
  return {
    discoveryUrl: `${realm}/.well-known/openid-configuration`,
    // The browser goes where discovery says: that is the outer address.
    endpoints: {
      token: `${protocol}/token`,
      userInfo: `${protocol}/userinfo`,
      jwks: `${protocol}/certs`,
      revocation: `${protocol}/revoke`,
    },
  };
}

/** `/ops` and `ops` are one group: the slash depends on the mapper. A group below another is written `ops/night`. */
const GROUP: MembershipCheck = {
  ...claimMembership("ops", "groups"),
  matches: (group, wanted) => nameOf(group) === nameOf(wanted),
};

function nameOf(group: string): string {
  return group.replace(/^\//, "");
}

/** A role of a client: `back-office/manager`. */
const CLIENT_ROLE: MembershipCheck = {
  example: "back-office/manager",
  fromSources: ({ idToken, userInfo }) => clientRoles(idToken) ?? clientRoles(userInfo),
};

function clientRoles(claims: Sources["idToken"]): readonly string[] | null {
  const clients = asObject(claims?.resource_access);
  if (clients === null) return null;
  return Object.entries(clients).flatMap(([client, access]) => {
    const roles = at(access, "roles");
    return Array.isArray(roles) ? roles.map((role) => `${client}/${role}`) : [];
  });
}

function checkAddress(path: string, url: string | undefined): Check {
  return () => {
    const { pathname = "" } = URL.parse(given(url)) ?? {};
    if (/\/realms(\/|$)/.test(pathname)) {
      return [
        problem(
          path,
          "holds the realm",
          'Leave out "/realms/…": baseUrl: "https://sso.example.com", realm: "staff".',
        ),
      ];
    }
    if (/\/admin(\/|$)/.test(pathname)) {
      return [problem(path, "is the address of the admin console", 'Leave out "/admin/…".')];
    }
    return checkEndpoint(path, url)();
  };
}

function checkRealm(realm: string | undefined): Check {
  return () => {
    if (given(realm).trim() === "") {
      return [
        problem("realm", "is missing (is its environment variable set?)", 'Write its name: realm: "staff".'),
      ];
    }
    return given(realm).includes("/")
      ? [problem("realm", "holds a slash", 'Write only its name: realm: "staff".')]
      : [];
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client id or secret is wrong, or the client is public. Switch on “Client authentication” and copy the secret again.",
      "zh-CN":
        "Client ID 或 Secret 不正确，或该客户端是公开客户端。请打开“Client authentication”并重新复制密钥。",
    },
    redirect_mismatch: {
      en: "Keycloak says “Invalid parameter: redirect_uri”: add the address to Valid redirect URIs.",
      "zh-CN": "Keycloak 提示“Invalid parameter: redirect_uri”：请把地址加入 Valid redirect URIs。",
    },
    issuer_mismatch: {
      en: "Keycloak calls itself by another address. Set its hostname to the outer one, or give the outer one as baseUrl and the inner one as backChannelUrl. Before version 17 it ends in /auth.",
      "zh-CN":
        "Keycloak 自称的地址不同。请把 hostname 设为外部地址，或把外部地址填为 baseUrl、内部地址填为 backChannelUrl。17 之前的版本以 /auth 结尾。",
    },
    id_token_missing: {
      en: "The client scope openid is not granted. Look at the client's Client scopes.",
      "zh-CN": "未授予 openid 范围，请检查客户端的 Client scopes。",
    },
    subject_missing: {
      en: "Add the built-in client scope “basic” to the client: the id of the person comes from it.",
      "zh-CN": "请为客户端添加内置的 client scope“basic”：人员的 ID 由它提供。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
