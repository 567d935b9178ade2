import { doorsNamed, type Endpoint, type Flavour, flavourOf } from "./endpoints.ts";
import * as faulty from "./faulty-answers.ts";
import type { IdTokenDraft } from "./id-token.ts";
import type { Localized } from "./localized.ts";

/** One way to misbehave: where it shows, and which of the four things it does. */
export interface Misbehaviour {
  readonly about: Localized;
  /** Where it happens unless told otherwise. */
  readonly at: readonly Endpoint[];
  /** Answers in place of the endpoint; `null` = go on as usual. Only these can be moved to another endpoint. */
  readonly answer?: (tools: faulty.FaultTools) => Response | null | Promise<Response | null>;
  /** Changes the ID token before it is signed; `null` = leave it out. */
  readonly idToken?: (draft: IdTokenDraft, now: number) => IdTokenDraft | null;
  /** Changes the claims of the userinfo answer. */
  readonly userInfo?: (claims: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Decides for the person. */
  readonly decision?: "cancel";
  /** The token of the application counts as ended. */
  readonly appToken?: "ended";
}

/** Where a code is exchanged; two mechanisms have another door for that. */
const TOKEN: readonly Endpoint[] = [...doorsNamed("token"), "app-token.user", "gateway.call"];
/** Where ID tokens come from. */
const ID_TOKEN: readonly Endpoint[] = [
  "token",
  "no-second-refresh.token",
  "tenants.token",
  "realms.token",
  "form-post.token",
];

/** The table of misbehaviours. `now` in seconds since the epoch. */
export const MISBEHAVIOURS = {
  cancel: {
    about: { en: "The person cancels", "zh-CN": "用户取消" },
    at: doorsNamed("decide"),
    decision: "cancel",
  },
  "never-answer": {
    about: { en: "Token request: no answer, ever", "zh-CN": "令牌请求：永不应答" },
    at: TOKEN,
    answer: faulty.neverAnswer,
  },
  slow: {
    about: { en: "Token request: answers after five seconds", "zh-CN": "令牌请求：五秒后才应答" },
    at: TOKEN,
    answer: faulty.beSlow,
  },
  "status-500": {
    about: { en: "Token request: status 500", "zh-CN": "令牌请求：状态码 500" },
    at: TOKEN,
    answer: faulty.failInside,
  },
  "huge-body": {
    about: { en: "Token request: 64 MiB answer", "zh-CN": "令牌请求：64 MiB 的应答" },
    at: TOKEN,
    answer: faulty.answerHugely,
  },
  drip: {
    about: { en: "Token request: one byte a second", "zh-CN": "令牌请求：每秒一个字节" },
    at: TOKEN,
    answer: faulty.drip,
  },
  garbage: {
    about: { en: "Token request: garbage instead of JSON", "zh-CN": "令牌请求：返回乱码而非 JSON" },
    at: TOKEN,
    answer: faulty.answerGarbage,
  },
  html: {
    about: { en: "Token request: an HTML page", "zh-CN": "令牌请求：返回 HTML 页面" },
    at: TOKEN,
    answer: faulty.answerHtml,
  },
  redirect: {
    about: { en: "Token request: redirect elsewhere", "zh-CN": "令牌请求：重定向到别处" },
    at: TOKEN,
    answer: faulty.redirectElsewhere,
  },
  "wrong-nonce": {
    about: { en: "ID token: another nonce", "zh-CN": "ID 令牌：nonce 不符" },
    at: ID_TOKEN,
    idToken: (draft) => withClaims(draft, { nonce: "the-nonce-of-another-attempt" }),
  },
  "no-nonce": {
    about: { en: "ID token: no nonce", "zh-CN": "ID 令牌：没有 nonce" },
    at: ID_TOKEN,
    idToken: (draft) => withClaims(draft, { nonce: undefined }),
  },
  "wrong-audience": {
    about: { en: "ID token: meant for another client", "zh-CN": "ID 令牌：受众是另一个客户端" },
    at: ID_TOKEN,
    idToken: (draft) => withClaims(draft, { aud: "another-client" }),
  },
  "wrong-issuer": {
    about: { en: "ID token: from another issuer", "zh-CN": "ID 令牌：签发者不符" },
    at: ID_TOKEN,
    idToken: (draft) => withClaims(draft, { iss: "http://localhost/another-issuer" }),
  },
  expired: {
    about: { en: "ID token: expired an hour ago", "zh-CN": "ID 令牌：一小时前已过期" },
    at: ID_TOKEN,
    idToken: (draft, now) => withClaims(draft, { iat: now - 7200, auth_time: now - 7200, exp: now - 3600 }),
  },
  "issued-in-future": {
    about: { en: "ID token: issued ten minutes from now", "zh-CN": "ID 令牌：签发时间在十分钟之后" },
    at: ID_TOKEN,
    idToken: (draft, now) => withClaims(draft, { iat: now + 600, exp: now + 4200 }),
  },
  "no-auth-time": {
    about: { en: "ID token: does not say when the sign-in was", "zh-CN": "ID 令牌：没有登录时间" },
    at: ID_TOKEN,
    idToken: (draft) => withClaims(draft, { auth_time: undefined }),
  },
  "stale-auth-time": {
    about: {
      en: "ID token: signed in an hour ago, not anew",
      "zh-CN": "ID 令牌：一小时前登录，并未重新登录",
    },
    at: ID_TOKEN,
    idToken: (draft, now) => withClaims(draft, { auth_time: now - 3600 }),
  },
  unsigned: {
    about: { en: "ID token: unsigned (alg none)", "zh-CN": "ID 令牌：没有签名（alg none）" },
    at: ID_TOKEN,
    idToken: ({ claims }) => ({ claims, signature: "none" }),
  },
  "hs256-with-public-key": {
    about: { en: "ID token: HS256, the public key as secret", "zh-CN": "ID 令牌：以公钥作为 HS256 密钥" },
    at: ID_TOKEN,
    idToken: ({ claims }) => ({ claims, signature: "hmac-public-key" }),
  },
  "unknown-key": {
    about: { en: "ID token: signed by an unknown key", "zh-CN": "ID 令牌：由未知密钥签名" },
    at: ID_TOKEN,
    idToken: ({ claims }) => ({ claims, signature: "stranger" }),
  },
  "bad-signature": {
    about: { en: "ID token: signature damaged", "zh-CN": "ID 令牌：签名已损坏" },
    at: ID_TOKEN,
    idToken: ({ claims }) => ({ claims, signature: "tampered" }),
  },
  "key-rotation": {
    about: {
      en: "ID token: signed by a brand-new key (should work)",
      "zh-CN": "ID 令牌：刚刚轮换密钥（应当成功）",
    },
    at: ID_TOKEN,
    idToken: ({ claims }) => ({ claims, signature: "rotated" }),
  },
  "missing-id-token": {
    about: { en: "ID token: left out", "zh-CN": "ID 令牌：缺失" },
    at: ID_TOKEN,
    idToken: () => null,
  },
  "userinfo-other-subject": {
    about: { en: "Userinfo: about somebody else", "zh-CN": "用户信息：属于另一个人" },
    at: doorsNamed("userinfo"),
    userInfo: (claims) => ({ ...claims, sub: "the-subject-of-somebody-else" }),
  },
  "app-token-ended": {
    about: { en: "Application token: ended before its time", "zh-CN": "应用令牌：提前失效" },
    at: ["app-token.user"],
    appToken: "ended",
  },
} as const satisfies Record<string, Misbehaviour>;

export type MisbehaviourMode = keyof typeof MISBEHAVIOURS;

/** The modes, in the order of the table. */
export const MISBEHAVIOUR_MODES = Object.keys(MISBEHAVIOURS) as readonly MisbehaviourMode[];

/** The row of a mode. */
export function misbehaviour(mode: MisbehaviourMode): Misbehaviour {
  return MISBEHAVIOURS[mode];
}

/** `null` when there is no such mode. */
export function parseMisbehaviour(text: string): MisbehaviourMode | null {
  return MISBEHAVIOUR_MODES.find((mode) => mode === text) ?? null;
}

/** The modes that make a difference at this kind of provider. */
export function misbehavioursOf(flavour: Flavour): readonly MisbehaviourMode[] {
  return MISBEHAVIOUR_MODES.filter((mode) =>
    misbehaviour(mode).at.some((endpoint) => flavourOf(endpoint) === flavour),
  );
}

/** `undefined` removes a claim: it does not survive `JSON.stringify`. */
function withClaims(draft: IdTokenDraft, claims: Readonly<Record<string, unknown>>): IdTokenDraft {
  return { ...draft, claims: { ...draft.claims, ...claims } };
}
