import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { MembershipCheck, RequestDescription, SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkOptionNames } from "./internal/check-option-names.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { checkCredentials, checkId, checkName, checkParameters, findProblems } from "./internal/problems.ts";
import { DIGITS } from "./internal/subject-shapes.ts";
import type { LocalizedName } from "./provider.ts";

export interface DiscordOptions {
  /** Default `discord`. */
  readonly id?: string | undefined;
  /** Default `Discord`. */
  readonly name?: string | LocalizedName | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** Extras of the authorization address: `{ prompt: "none" }` asks people only once. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Default false. True: an e-mail counts as verified unless Discord says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** Default `https://discord.com`; another one for tests. */
  readonly baseUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A speech bubble with two eyes. */
const MARK =
  "M4 4h16v13h-7l-4 4v-4H4ZM8.5 9a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM15.5 9a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z";
const WHERE = "Discord developer portal → Applications → your application → OAuth2.";
const PICTURES = "https://cdn.discordapp.com/avatars";
const PAGE = 200;

/**
 * Discord.
 *
 * - Token endpoint and revocation take forms only.
 * - `verified` tells about the e-mail, which is there only with the scope `email`.
 * - People choose a display name (`global_name`); the login name can change hands, the id does not.
 * - Pictures must be put together from id and hash. Who has none gets none, instead of one of Discord's placeholders.
 * - Servers are called guilds. Rules name them and their roles by id, since names are not unique: switch on Developer
 *   Mode and copy the id from the menu of the server or role.
 * - PKCE works, and a 404 for a guild member means "not a member" (both seen, not documented).
 */
export function discord<const Id extends string = "discord", Keeps extends boolean = false>(
  options: DiscordOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function discord(options: DiscordOptions): ProviderDefinition {
  const { id = "discord", name = "Discord" } = options;
  const base = trimSlashes(options.baseUrl ?? "https://discord.com");
  const definition = oauth2Definition({
    id,
    name,
    mark: MARK,
    issuer: base,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    endpoints: {
      authorization: `${base}/oauth2/authorize`,
      token: `${base}/api/oauth2/token`,
      revocation: `${base}/api/oauth2/token/revoke`,
    },
    scopes: ["identify", "email"],
    parameters: options.authorizationParameters,
    identity: [{ as: "user", url: `${base}/api/users/@me` }],
    profile,
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(options, "clientSecret authorizationParameters trustEmail baseUrl"),
        checkId(id),
        checkName(name),
        checkCredentials(options, WHERE),
        checkDigits("clientId", options.clientId, WHERE),
        checkParameters(options.authorizationParameters),
        checkAddresses({ baseUrl: options.baseUrl }),
      ),
    namedHosts: () => givenHosts({ baseUrl: options.baseUrl }),
  });
  return {
    ...definition,
    membership: { guild: guild(base), role: role(base) },
    subjectShape: DIGITS,
    api: { baseUrl: `${base}/api` },
    lifecycle: { refresh: { rotates: "unknown" }, revoke: "rfc7009", endSession: null },
    guide: GUIDE,
  };
}

const GUIDE: SetupGuide = {
  register: WHERE,
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The client secret is wrong. Discord shows it once: reset it on the OAuth2 page. It is neither the public key nor the bot token.",
      "zh-CN":
        "客户端密钥不正确。密钥只显示一次，请在 OAuth2 页面重置；注意它不是 Public Key，也不是机器人令牌。",
    },
    redirect_mismatch: {
      en: "Add the callback address, word for word, under OAuth2 → Redirects, and save.",
      "zh-CN": "请在 OAuth2 → Redirects 中原样加入回调地址并保存。",
    },
    rate_limited: {
      en: "Discord limits how often this server may ask. It passes by itself.",
      "zh-CN": "Discord 限制了本服务器的请求频率，稍后会自动恢复。",
    },
  },
  facts: { subject: "id", emailVerified: "yes" },
};

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  return {
    subject: user.id,
    handle: user.username,
    name: user.global_name ?? user.username,
    email: user.email,
    emailVerified: typeof user.verified === "boolean" ? user.verified : null,
    picture: pictureOf(user),
    claims: user,
  };
}

function pictureOf({ id, avatar }: Readonly<Record<string, unknown>>): string | null {
  if (typeof avatar !== "string" || !/^\w+$/.test(avatar)) return null;
  return `${PICTURES}/${id}/${avatar}.${avatar.startsWith("a_") ? "gif" : "png"}`;
}

function guild(base: string): MembershipCheck {
  return {
    example: "81384788765712384",
    scopes: ["guilds"],
    request: () => ({ url: `${base}/api/users/@me/guilds`, query: { limit: String(PAGE) } }),
    groups: (body) => idsOf(body),
    paging: { next: nextGuilds },
  };
}

/** A full page may have another one behind its last guild. */
function nextGuilds(body: unknown, request: RequestDescription): RequestDescription | null {
  const ids = idsOf(body);
  const after = ids.at(-1);
  if (ids.length < PAGE || after === undefined) return null;
  return { ...request, query: { ...request.query, after } };
}

function idsOf(body: unknown): readonly string[] {
  return Array.isArray(body)
    ? body.map((entry) => at(entry, "id")).filter((id) => typeof id === "string")
    : [];
}

/** A role in a guild: `guild/role`, by their ids. */
function role(base: string): MembershipCheck {
  return {
    example: "81384788765712384/41771983423143936",
    scopes: ["guilds.members.read"],
    request: (_context, wanted) => {
      const guildId = /^(\d+)\/\d+$/.exec(wanted)?.[1];
      return guildId === undefined ? null : { url: `${base}/api/users/@me/guilds/${guildId}/member` };
    },
    groups: (body, wanted) => {
      const roles = at(body, "roles");
      const [guildId] = wanted.split("/");
      return Array.isArray(roles) ? roles.map((roleId) => `${guildId}/${roleId}`) : [];
    },
    noStatuses: [404],
  };
}
