import { asObject, parseJson } from "../oauth/json.ts";
import { privateKeyPem, publicKeyPem } from "../oauth/rsa-key.ts";
import type { Profile, ProviderDefinition, Remembered, Sources } from "./definition.ts";
import type { RequestDescription, SetupGuide, SignedGateway, StepContext } from "./hooks.ts";
import { alipayContent, alipayFailure } from "./internal/alipay-answer.ts";
import { checkAddresses, givenHosts, trimSlashes } from "./internal/base-url.ts";
import { checkDigits } from "./internal/check-digits.ts";
import { checkMemberNames, checkOptionNames } from "./internal/check-option-names.ts";
import { given, STANDARD_READ } from "./internal/defaults.ts";
import { oauth2Definition } from "./internal/oauth2-definition.ts";
import {
  type Check,
  checkCredentials,
  checkId,
  checkName,
  findProblems,
  problem,
} from "./internal/problems.ts";
import type { LocalizedName } from "./provider.ts";

export interface AlipayOptions {
  /** Default `alipay`. */
  readonly id?: string | undefined;
  /** Default `Alipay` / `支付宝`. */
  readonly name?: string | LocalizedName | undefined;
  /** "APPID", a number. */
  readonly clientId: string | undefined;
  /** 应用私钥, RSA2 (2048 bits): PEM, or the one line that Alipay's key tool shows. */
  readonly privateKey: string | undefined;
  /** 支付宝公钥, not that of the application: PEM, or the one line of the console. In certificate mode, Alipay's certificate. */
  readonly alipayPublicKey: string | undefined;
  /** Only in certificate mode (公钥证书): the serials `app_cert_sn` and `alipay_root_cert_sn`. */
  readonly certificates?: { readonly app: string; readonly root: string } | undefined;
  /** Where people sign in. Sandbox: `https://openauth-sandbox.dl.alipaydev.com`. Default `https://openauth.alipay.com`. */
  readonly baseUrl?: string | undefined;
  /** Where the gateway is. Sandbox: `https://openapi-sandbox.dl.alipaydev.com`. Default `https://openapi.alipay.com`. */
  readonly apiUrl?: string | undefined;
  /** Keeps the person's tokens, sealed, for calls on their behalf. Default false: nothing of them is kept. */
  readonly keepTokens?: boolean | undefined;
}

const NAME = { en: "Alipay", "zh-CN": "支付宝" };
/** A purse with its clasp. */
const MARK =
  "M4 5h14a2 2 0 0 1 2 2v1.5h1.5v8H20V18a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V7c0-1.1.9-2 2-2Zm.5 2.5v10h13v-1H14a4 4 0 0 1 0-8h3.5v-1h-13ZM14 11a1.5 1.5 0 0 0 0 3h5v-3h-5Z";
const WHERE = "Alipay Open Platform (open.alipay.com) → 控制台 → your 网页应用 → 开发设置.";

/**
 * Alipay.
 *
 * - In front it is a code flow with names of its own: `app_id`, `auth_code`, no `response_type`, no PKCE.
 * - Behind it is one gateway: the method is a parameter, every request is signed with the application's key and carries
 *   the time of Shanghai; every answer is signed by Alipay over its own characters, and one that is not is refused.
 * - Answers stand under the method's name, failures under `error_response`, both with status 200.
 * - The key is `open_id`. Older applications get `user_id` (2088…) in its place; who is known by it stays the same
 *   person when the application is moved to `open_id`.
 * - There is no e-mail. There is no client secret either: the private key takes its place.
 * - A change of mind mostly leads nobody back. Certificate mode and the sandbox's hosts are less certain.
 */
export function alipay<const Id extends string = "alipay", Keeps extends boolean = false>(
  options: AlipayOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function alipay(options: AlipayOptions): ProviderDefinition {
  const { id = "alipay", name = NAME, clientId, baseUrl, apiUrl } = options;
  const base = trimSlashes(baseUrl ?? "https://openauth.alipay.com");
  const gateway = `${trimSlashes(apiUrl ?? "https://openapi.alipay.com")}/gateway.do`;
  const call = (method: string, more: Readonly<Record<string, string>>, { now }: StepContext) =>
    describeCall(gateway, method, { ...common(options), ...more }, now);
  return {
    ...oauth2Definition({
      id,
      name,
      mark: MARK,
      issuer: base,
      clientId,
      clientSecret: undefined,
      keepTokens: options.keepTokens,
      clientAuthentication: "none",
      endpoints: { authorization: `${base}/oauth2/publicAppAuthorize.htm`, token: gateway },
      scopes: ["auth_user"],
      scopeSeparator: ",",
      pkce: "off",
      authorize: { rename: { client_id: "app_id" }, omit: ["response_type"] },
      callback: { codeParameter: "auth_code" },
      identity: [
        {
          as: "user",
          request: (context) => call(USER, {}, context),
          placement: { in: { form: "auth_token" } },
          read: { codec: "json", failure: alipayFailure, unwrap: (body) => alipayContent(body, USER) },
        },
      ],
      profile,
      problems: () =>
        findProblems(
          checkOptionNames(options, "privateKey alipayPublicKey certificates baseUrl apiUrl"),
          checkMemberNames("certificates", options.certificates, "app root"),
          checkId(id),
          checkName(name),
          checkCredentials({ clientId, clientAuthentication: "none" }, WHERE),
          ...(apiUrl === undefined ? [checkDigits("clientId", clientId, WHERE)] : []),
          checkKeys(options),
          checkAddresses({ baseUrl, apiUrl }),
          checkSandbox(options),
        ),
      namedHosts: () => givenHosts({ baseUrl, apiUrl }),
    }),
    // Whoever is not signed in at Alipay does so at another of its hosts.
    redirectOrigins: baseUrl === undefined ? ["https://auth.alipay.com"] : [],
    signedGateway: signing(options),
    tokenRequest: (context) => call(TOKEN, { grant_type: "authorization_code", code: context.code }, context),
    tokenType: "optional",
    read: {
      ...STANDARD_READ,
      codec: "json",
      failure: alipayFailure,
      unwrap: (body) => alipayContent(body, TOKEN),
    },
    // A refresh is a signed call of its own, which is not made.
    lifecycle: { refresh: null, revoke: null, endSession: null },
    guide: GUIDE,
  };
}

const TOKEN = "alipay.system.oauth.token";
const USER = "alipay.user.info.share";

function common({ clientId, certificates }: AlipayOptions): Readonly<Record<string, string>> {
  const serials =
    certificates === undefined
      ? {}
      : { app_cert_sn: certificates.app, alipay_root_cert_sn: certificates.root };
  return { app_id: given(clientId), ...serials };
}

function describeCall(
  url: string,
  method: string,
  parameters: Readonly<Record<string, string>>,
  now: number,
): RequestDescription {
  const form = { method, charset: "utf-8", sign_type: "RSA2", timestamp: shanghaiTime(now), version: "1.0" };
  return { method: "POST", url, body: { form: { ...form, ...parameters } } };
}

/** `2026-11-23 23:00:00`; China has one time zone and no summer time. */
function shanghaiTime(now: number): string {
  const eastward = 8 * 60 * 60_000;
  return new Date(now + eastward).toISOString().slice(0, 19).replace("T", " ");
}

function signing({ privateKey, alipayPublicKey }: AlipayOptions): SignedGateway {
  return {
    // One that cannot be read is refused where it is used.
    privateKey: () => privateKeyPem(privateKey) ?? "",
    publicKey: () => publicKeyPem(alipayPublicKey) ?? "",
    signatureParameter: "sign",
    signedPart,
  };
}

/** What is signed must be the whole of what is read: one object, then the signature, then nothing more. */
function signedPart(raw: string): { readonly text: string; readonly signature: string } | null {
  const text =
    /^\s*\{\s*"[\w.]+_response"\s*:\s*(\{.*\})\s*(?:,\s*"alipay_cert_sn"\s*:\s*"\w+"\s*)?,\s*"sign"\s*:\s*"[^"]+"\s*\}\s*$/s.exec(
      raw,
    )?.[1];
  if (text === undefined) return null;
  try {
    parseJson(text);
    const signature = asObject(parseJson(raw))?.sign;
    return typeof signature === "string" ? { text, signature } : null;
  } catch {
    return null;
  }
}

function profile({ answers }: Sources): Profile {
  const user = asObject(answers.user) ?? {};
  const { open_id: openId, user_id: userId } = user;
  return {
    subject: openId === undefined ? userId : openId,
    subjectAliases: [userId],
    name: user.nick_name,
    picture: user.avatar,
    claims: user,
  };
}

function checkKeys({ privateKey, alipayPublicKey }: AlipayOptions): Check {
  return () => {
    const ours = privateKeyPem(privateKey);
    const theirs = publicKeyPem(alipayPublicKey);
    const found = [
      ...(ours === null ? [unreadable("privateKey", privateKey, PRIVATE_KEY)] : []),
      ...(theirs === null ? [unreadable("alipayPublicKey", alipayPublicKey, PUBLIC_KEY)] : []),
    ];
    if (ours === null || theirs === null) return found;
    return publicKeyPem(ours) === theirs
      ? [problem("alipayPublicKey", "is the public key of the application itself", PUBLIC_KEY)]
      : [];
  };
}

const PRIVATE_KEY = "Give the 应用私钥 (RSA2) whole, as PEM or as the one line that the key tool shows.";
const PUBLIC_KEY =
  "Give the 支付宝公钥 that the console shows after the application's public key was saved (接口加签方式).";

function unreadable(path: string, value: unknown, fix: string) {
  const missing = value === undefined || value === "";
  return problem(path, missing ? "is missing (is its environment variable set?)" : "is not an RSA key", fix);
}

function checkSandbox({ baseUrl, apiUrl }: AlipayOptions): Check {
  return () => {
    if ((baseUrl === undefined) === (apiUrl === undefined)) return [];
    const path = baseUrl === undefined ? "baseUrl" : "apiUrl";
    return [
      problem(path, "is missing beside the other address", "Give both baseUrl and apiUrl, or neither."),
    ];
  };
}

const GUIDE: SetupGuide = {
  register: "https://open.alipay.com/develop/manage",
  redirectRules: ["exact", "no_localhost"],
  advice: {
    "isv.invalid-signature": {
      en: "Alipay does not accept our signature: the private key does not belong to the public key that the console has, or the signing mode is another.",
      "zh-CN": "支付宝验签失败：应用私钥与控制台中的应用公钥不匹配，或加签方式不一致。",
    },
    "isv.invalid-app-id": {
      en: "The APPID is unknown. Sandbox and production have different ones, and different addresses.",
      "zh-CN": "APPID 无效。沙箱与正式环境的 APPID 和地址都不同。",
    },
    "isv.invalid-timestamp": {
      en: "This server's clock is wrong. Let it be set by NTP.",
      "zh-CN": "服务器时间不准确，请启用 NTP 校时。",
    },
    "isv.code-invalid": {
      en: "The code was used before or has expired. If everybody meets this, look whether two instances answer the callback.",
      "zh-CN": "授权码已被使用或已过期。如果所有人都遇到，请检查是否有两个实例在处理回调。",
    },
    "isv.insufficient-isv-permissions": {
      en: "The application lacks the ability 获取会员信息. Add it and wait until it is in force.",
      "zh-CN": "应用未开通“获取会员信息”能力，请添加并等待生效。",
    },
    signature_invalid: {
      en: "An answer was not signed by the key we have. Often the application's public key was copied in place of Alipay's.",
      "zh-CN": "应答的签名与已配置的公钥不符。常见原因：误用了应用公钥，而不是支付宝公钥。",
    },
    client_invalid: {
      en: "Alipay does not accept the APPID or the signature, or a key cannot be read.",
      "zh-CN": "支付宝不接受 APPID 或签名，或密钥无法读取。",
    },
  },
  facts: { subject: "open_id, or user_id", emailVerified: "no_email" },
};
