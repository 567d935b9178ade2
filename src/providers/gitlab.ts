import type { ProviderDefinition } from "./definition.ts";
import { oidcDefinition } from "./internal/oidc-definition.ts";
import {
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkScopes,
  findProblems,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface GitlabOptions {
  /** Default `gitlab`. */
  readonly id?: string | undefined;
  /** Default `GitLab`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** A server of your own, exactly as its `external_url`. Default `https://gitlab.com`. */
  readonly baseUrl?: string | undefined;
  /** Beside `openid`. Default `profile` and `email`. Each must be ticked on the application. */
  readonly scopes?: readonly string[] | undefined;
}

/** A folded sheet with two peaks. */
const MARK = "M5 3 2 13l10 8 10-8-3-10-3.5 7h-7L5 3Zm4.5 10h5L12 17.5 9.5 13Z";
const WHERE = "GitLab → the application's page (user settings, group or admin area → Applications).";

/**
 * GitLab: gitlab.com and servers of your own.
 *
 * - The issuer is the server's `external_url`, with its path when it lives under one.
 * - The ID token tells little more than `sub` and the e-mail; name, picture and all groups are only in userinfo, so
 *   that is always asked.
 * - A scope that is not ticked on the application makes GitLab refuse the whole request.
 */
export function gitlab(options: GitlabOptions): ProviderDefinition {
  const { id = "gitlab", name = "GitLab", baseUrl } = options;
  const definition = oidcDefinition({
    id,
    name,
    mark: MARK,
    issuer: baseUrl === undefined ? "https://gitlab.com" : baseUrl.replace(/\/+$/, ""),
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    clientAuthentication: "client_secret_post",
    scopes: options.scopes,
    userInfo: "always",
    problems: () =>
      findProblems(
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        ...(baseUrl === undefined ? [] : [checkEndpoint("baseUrl", baseUrl)]),
        checkScopes(options.scopes),
      ),
  });
  // Only a server of your own may be private.
  return baseUrl === undefined ? { ...definition, namedHosts: () => [] } : definition;
}
