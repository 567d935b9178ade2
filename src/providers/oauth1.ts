import { asObject } from "../oauth/json.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { SetupGuide } from "./hooks.ts";
import { at } from "./internal/at.ts";
import { checkAddresses } from "./internal/base-url.ts";
import { checkMemberNames, checkOptionNames } from "./internal/check-option-names.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import { hostsOf } from "./internal/oidc-definition.ts";
import {
  checkCredentials,
  checkEndpoint,
  checkId,
  checkName,
  checkParameters,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

/** Where the person's data stands in the answer of `userUrl`, as dotted paths: `data.user.id`. */
export interface OAuth1Fields {
  /** An id that never changes hands; not a login name, not an e-mail. */
  readonly subject: string;
  readonly handle?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  /** Only boolean `true` counts as verified. */
  readonly emailVerified?: string | undefined;
  readonly picture?: string | undefined;
}

export interface OAuth1Options {
  /** Instance id, in addresses and in `owners`: `wiki`. */
  readonly id: string;
  /** What people read on the button. */
  readonly name: string | LocalizedName;
  /** Gives temporary credentials (RFC 5849 §2.1). */
  readonly requestTokenUrl: string | undefined;
  readonly authorizationUrl: string | undefined;
  readonly tokenUrl: string | undefined;
  /** Tells about the person when asked with a signed GET; JSON. */
  readonly userUrl: string | undefined;
  readonly fields: OAuth1Fields;
  /** The consumer key. */
  readonly clientId: string | undefined;
  /** The consumer secret. */
  readonly clientSecret: string | undefined;
  /** Extras of the authorization address. */
  readonly authorizationParameters?: Readonly<Record<string, string>> | undefined;
  /** Who vouches for the subjects. Default: the origin of `authorizationUrl`. Changing it makes everybody a stranger. */
  readonly issuer?: string | undefined;
  /** Default false. True: an e-mail counts as verified unless the answer says that it is not. */
  readonly trustEmail?: boolean | undefined;
  /** The API that the person's token is for; relative paths of calls lie below it. Default none. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

/** A sheet with a signature under it. */
const MARK =
  "M5 2h9l5 5v15H5V2Zm2 2v16h10V8h-4V4H7Zm2 11c2-4 3-4 3 0 1-2 2-2 3 0h1v2h-2c-1 0-1-1-2-1l-1 1-2-2Z";

const GUIDE: SetupGuide = {
  register: "The provider's developer pages, as a web application.",
  redirectRules: ["exact"],
  advice: {
    client_invalid: {
      en: "The provider refuses the signature: consumer key or secret is wrong, or a clock is off by minutes.",
      "zh-CN": "提供方拒绝了签名：consumer key 或 secret 有误，或时钟相差几分钟。",
    },
    subject_missing: {
      en: "The answer of userUrl has no id where fields.subject says. Look at the answer and mend the path.",
      "zh-CN": "userUrl 的返回中没有 fields.subject 所指的 ID，请查看返回内容并修正路径。",
    },
  },
  facts: { subject: "fields.subject", emailVerified: "sometimes" },
};

/**
 * Any OAuth 1.0a provider (RFC 5849, HMAC-SHA1): four addresses, and where the person's data stands in the answer.
 *
 * - The provider is asked for a temporary token before the browser leaves, so it must be up even to begin.
 * - The protocol has neither `state` nor PKCE: our state stands in the callback address, and the temporary token,
 *   sealed into the attempt, must come back.
 * - `denied` in the callback is how a changed mind looks.
 */
export function oauth1<const Id extends string, Keeps extends boolean = false>(
  options: OAuth1Options & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function oauth1(options: OAuth1Options): ProviderDefinition {
  const { requestTokenUrl, authorizationUrl, tokenUrl, userUrl, fields } = options;
  const plain = oauth2Definition({
    id: options.id,
    name: options.name,
    mark: MARK,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    issuer: options.issuer ?? URL.parse(authorizationUrl ?? "")?.origin ?? "",
    endpoints: {
      requestToken: requestTokenUrl ?? "",
      authorization: authorizationUrl ?? "",
      token: tokenUrl ?? "",
    },
    scopes: [],
    parameters: options.authorizationParameters,
    pkce: "off",
    identity: [{ as: "user", url: userUrl ?? "" }],
    profile: (sources) => readProfile(sources, fields),
    trustEmail: options.trustEmail,
    keepTokens: options.keepTokens,
    problems: () =>
      findProblems(
        checkOptionNames(
          options,
          "requestTokenUrl authorizationUrl tokenUrl userUrl apiUrl fields clientSecret authorizationParameters issuer trustEmail",
        ),
        checkId(options.id),
        checkName(options.name),
        checkEndpoint("requestTokenUrl", requestTokenUrl),
        checkEndpoint("authorizationUrl", authorizationUrl),
        checkEndpoint("tokenUrl", tokenUrl),
        checkEndpoint("userUrl", userUrl),
        checkAddresses({ apiUrl: options.apiUrl }),
        checkFields(fields),
        checkMemberNames("fields", fields, "subject handle name email emailVerified picture"),
        checkCredentials(options, "The provider shows it on the page of the application."),
        checkParameters(options.authorizationParameters),
      ),
    namedHosts: () =>
      hostsOf(
        ...[requestTokenUrl, authorizationUrl, tokenUrl, userUrl, options.apiUrl].map((url) => url ?? ""),
      ),
  });
  return {
    ...plain,
    kind: "oauth1",
    ...(options.apiUrl !== undefined && { api: { baseUrl: options.apiUrl } }),
    lifecycle: { refresh: null, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

function checkFields(fields: Partial<OAuth1Fields> | undefined) {
  return () =>
    typeof fields?.subject === "string" && fields.subject !== ""
      ? []
      : [
          problem(
            "fields.subject",
            "is missing",
            'Say where the unchanging id stands: fields: { subject: "id" }.',
          ),
        ];
}

function readProfile({ answers }: Sources, fields: OAuth1Fields): Profile {
  const { user } = answers;
  const verified = at(user, fields.emailVerified);
  return {
    subject: at(user, fields.subject),
    handle: at(user, fields.handle),
    name: at(user, fields.name),
    email: at(user, fields.email),
    emailVerified: typeof verified === "boolean" ? verified : null,
    picture: at(user, fields.picture),
    claims: asObject(user) ?? {},
  };
}
