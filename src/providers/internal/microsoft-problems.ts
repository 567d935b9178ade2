import type { ConfigProblem } from "../../errors.ts";
import { given } from "./defaults.ts";
import { type Check, checkEndpoint, findProblems, problem } from "./problems.ts";

/** What can be wrong about Entra ID in its own way. */
interface MicrosoftSettings {
  readonly tenant: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly allowedTenants?: readonly string[] | undefined;
  readonly resolveGroups?: boolean | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly trustEmail?: boolean | undefined;
  readonly baseUrl?: string | undefined;
  readonly graphUrl?: string | undefined;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Mistakes that only this provider has: tenants, ids that were mixed up, trust in strangers, clouds that do not fit. */
export function microsoftProblems(settings: MicrosoftSettings): readonly ConfigProblem[] {
  const tenant = given(settings.tenant).toLowerCase();
  return findProblems(
    checkTenant(tenant),
    checkShapes(settings),
    checkAllowedTenants(settings, tenant),
    checkTrust(settings, tenant),
    checkProfileScope(settings.scopes),
    checkBaseUrl(settings.baseUrl),
    checkSameCloud(settings),
  );
}

/** Whether people of more than one tenant sign in there. */
export function isShared(tenant: string): boolean {
  return tenant === "common" || tenant === "organizations";
}

function checkTenant(tenant: string): Check {
  const fix =
    'Give the "Directory (tenant) ID" from the app\'s Overview, or "organizations", "common", "consumers".';
  return () => {
    if (tenant === "") return [problem("tenant", "is missing (is its environment variable set?)", fix)];
    if (GUID.test(tenant) || isShared(tenant) || tenant === "consumers") return [];
    const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(tenant);
    return [
      problem("tenant", domain ? "is a domain; tokens name the tenant by its GUID" : "is no tenant", fix),
    ];
  };
}

function checkShapes({ clientId, clientSecret }: MicrosoftSettings): Check {
  return () => [
    ...(given(clientId) === "" || GUID.test(given(clientId))
      ? []
      : [
          problem(
            "clientId",
            "is not a GUID",
            'Give the "Application (client) ID" from the app\'s Overview.',
          ),
        ]),
    ...(GUID.test(given(clientSecret))
      ? [
          problem(
            "clientSecret",
            "is a GUID: it looks like the secret's id",
            'Give the "Value" of the secret. It is shown only once: make a new secret if it is gone.',
          ),
        ]
      : []),
  ];
}

function checkAllowedTenants({ allowedTenants }: MicrosoftSettings, tenant: string): Check {
  return () => {
    if (allowedTenants === undefined) return [];
    if (!isShared(tenant)) {
      return [
        problem(
          "allowedTenants",
          "has no meaning with one tenant",
          'Remove it, or set tenant: "organizations".',
        ),
      ];
    }
    if (allowedTenants.length === 0) {
      return [problem("allowedTenants", "is empty: nobody could sign in", "List the GUIDs of the tenants.")];
    }
    return allowedTenants.flatMap((guid, index) =>
      GUID.test(guid)
        ? []
        : [problem(`allowedTenants[${index}]`, "is not a GUID", 'Give the "Directory (tenant) ID".')],
    );
  };
}

function checkTrust({ trustEmail, allowedTenants }: MicrosoftSettings, tenant: string): Check {
  return () =>
    trustEmail === true && (isShared(tenant) || tenant === "consumers") && allowedTenants === undefined
      ? [
          problem(
            "trustEmail",
            "believes every tenant in the world, and any of them can write any e-mail",
            "List allowedTenants, give one tenant, or leave trustEmail out.",
          ),
        ]
      : [];
}

function checkProfileScope(scopes: readonly string[] | undefined): Check {
  return () =>
    scopes === undefined || scopes.includes("profile")
      ? []
      : [problem("scopes", 'lacks "profile", and so the person\'s id', 'Add "profile".')];
}

function checkBaseUrl(baseUrl: string | undefined): Check {
  return () => {
    if (baseUrl === undefined) return [];
    const path = URL.parse(baseUrl)?.pathname ?? "/";
    if (path === "/") return checkEndpoint("baseUrl", baseUrl)();
    return [
      problem("baseUrl", "has a path", "Leave out the tenant and what follows; tenant has its own option."),
    ];
  };
}

function checkSameCloud({ baseUrl, graphUrl, resolveGroups }: MicrosoftSettings): Check {
  return () =>
    resolveGroups === true && baseUrl !== undefined && graphUrl === undefined
      ? [
          problem(
            "graphUrl",
            "is missing: another cloud has another Graph",
            'China: "https://microsoftgraph.chinacloudapi.cn"; US Government: "https://graph.microsoft.us".',
          ),
        ]
      : [];
}
