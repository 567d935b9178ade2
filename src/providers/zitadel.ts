import { asObject } from "../oauth/json.ts";
import type { ProviderDefinition, Remembered } from "./definition.ts";
import type { MembershipCheck, SetupGuide, Sources } from "./hooks.ts";
import { trimSlashes } from "./internal/base-url.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { given } from "./internal/defaults.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkIssuer,
  checkName,
  checkOrigins,
  checkParameters,
  checkScopes,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface ZitadelOptions {
  /** Default `zitadel`. */
  readonly id?: string | undefined;
  /** Default `ZITADEL`. */
  readonly name?: string | LocalizedName | undefined;
  /** The instance's domain: `https://acme-x1y2z3.zitadel.cloud`, or your own. */
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Only people of this organization: its id (digits) or its primary domain. Default everybody of the instance. */
  readonly organization?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. */
  readonly scopes?: readonly string[] | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Origins that people are sent on to at once, such as an outside identity provider. */
  readonly redirectOrigins?: readonly string[] | undefined;
  /** Default false. True: an e-mail counts as verified unless ZITADEL says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A stair of three steps. */
const MARK = "M3 21v-6h6V9h6V3h6v6h-3v3h-3v3h-3v3H9v3Z";
const WHERE = "ZITADEL console → your project → your application (type: Web).";
const ROLES = "urn:zitadel:iam:org:project:roles";
const HOME = "urn:zitadel:iam:user:resourceowner";

/**
 * ZITADEL.
 *
 * - The roles claim is an object, `{ role: { organizationId: domain } }`: a role is had in an organization. It is there
 *   when the project has "Assert Roles on Authentication".
 * - Name, e-mail and roles are in userinfo; in the ID token only when the application is told so. It is always asked.
 * - `organization` makes ZITADEL show that organization's sign-in, but the person can take the scope out of the address:
 *   the claims on the person's own organization decide. (Their scope and names: seen, not documented in one place.)
 * - Ids are digits beyond 2^53, sent as texts.
 * - http callbacks work only in the application's development mode.
 */
export function zitadel<const Id extends string = "zitadel", Keeps extends boolean = false>(
  options: ZitadelOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function zitadel(options: ZitadelOptions): ProviderDefinition {
  const { id = "zitadel", name = "ZITADEL", organization, scopes = ["profile", "email"] } = options;
  return {
    ...oidcDefinition({
      id,
      name,
      mark: MARK,
      issuer: trimSlashes(options.issuer),
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      scopes: [...scopes, ...(organization === undefined ? [] : [HOME, organizationScope(organization)])],
      parameters: options.authorizationParameters,
      userInfo: "always",
      restrict: (sources) => (isFrom(organization, sources) ? null : "organization"),
      redirectOrigins: options.redirectOrigins,
      trustEmail: options.trustEmail,
      keepTokens: options.keepTokens,
      problems: () =>
        findProblems(
          checkOptionNames(
            options,
            "issuer clientSecret organization scopes authorizationParameters redirectOrigins trustEmail",
          ),
          checkId(id),
          checkName(name),
          checkZitadelIssuer(options.issuer),
          checkCredentials(options, WHERE),
          checkOrganization(organization),
          checkScopes(scopes),
          checkParameters(options.authorizationParameters),
          checkOrigins(options.redirectOrigins),
        ),
    }),
    membership: { role: ROLE, organization: ORGANIZATION },
    lifecycle: {
      refresh: { scopes: ["offline_access"], rotates: "unknown" },
      revoke: "rfc7009",
      endSession: "oidc",
    },
    guide: GUIDE,
  };
}

function organizationScope(organization: string): string {
  const kind = /^\d+$/.test(organization) ? "id" : "domain:primary";
  return `urn:zitadel:iam:org:${kind}:${organization}`;
}

function isFrom(organization: string | undefined, sources: Sources): boolean {
  return organization === undefined || (homesOf(sources) ?? []).includes(organization.toLowerCase());
}

/** The id and the primary domain of the organization that somebody belongs to; `null` = not told. */
function homesOf({ idToken, userInfo }: Sources): readonly string[] | null {
  const claims = idToken?.[`${HOME}:id`] === undefined ? userInfo : idToken;
  const homes = [claims?.[`${HOME}:id`], claims?.[`${HOME}:primary_domain`]].filter(
    (home) => typeof home === "string",
  );
  return homes.length === 0 ? null : homes.map((home) => home.toLowerCase());
}

const ORGANIZATION: MembershipCheck = {
  example: "acme.example",
  scopes: [HOME],
  fromSources: homesOf,
  matches: (home, wanted) => home === wanted.toLowerCase(),
};

/** `admin` in whichever organization, or in one: `admin@acme.example`, `admin@163840776801878273`. */
const ROLE: MembershipCheck = {
  example: "admin@acme.example",
  fromSources: ({ idToken, userInfo }) => rolesIn(idToken) ?? rolesIn(userInfo),
};

function rolesIn(claims: Sources["idToken"]): readonly string[] | null {
  const roles = asObject(claims?.[ROLES]);
  if (roles === null) return null;
  return Object.entries(roles).flatMap(([role, organizations]) => {
    const places = Object.entries(asObject(organizations) ?? {}).flat();
    return [role, ...places.map((place) => `${role}@${String(place)}`)];
  });
}

function checkZitadelIssuer(issuer: string | undefined): Check {
  return () => {
    const { pathname = "/" } = URL.parse(given(issuer)) ?? {};
    if (pathname === "/") return checkIssuer(issuer)();
    return [
      problem("issuer", "has a path", 'Write the instance\'s domain alone: "https://acme.zitadel.cloud".'),
    ];
  };
}

function checkOrganization(organization: string | undefined): Check {
  return () =>
    organization === undefined || /^(\d+|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i.test(organization)
      ? []
      : [
          problem(
            "organization",
            "is neither an id nor a domain",
            'Write its id, "163840776801878273", or its primary domain, "acme.example".',
          ),
        ];
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["https_only", "exact"],
  advice: {
    client_invalid: {
      en: "The client id or secret is wrong, or the application's authentication method is “None”. Choose Basic or Post.",
      "zh-CN": "Client ID 或 Client Secret 不正确，或应用的认证方式为 None。请选择 Basic 或 Post。",
    },
    organization: {
      en: "The person belongs to another organization of the instance.",
      "zh-CN": "该人员属于此实例中的其他组织。",
    },
    redirect_mismatch: {
      en: "Add the redirect URI to the application, letter for letter. For http switch on its development mode.",
      "zh-CN": "请在应用中逐字添加重定向 URI；使用 http 时需打开 Development Mode。",
    },
  },
  facts: { subject: "sub", emailVerified: "yes" },
};
