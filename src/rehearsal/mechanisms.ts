import * as appToken from "./app-token/routes.ts";
import * as camelJson from "./camel-json/routes.ts";
import * as confirmedEmails from "./confirmed-emails/routes.ts";
import { LOOK_ALIKES, type LookAlike } from "./endpoints.ts";
import * as envelope from "./envelope/routes.ts";
import * as formPost from "./form-post/routes.ts";
import * as gateway from "./gateway/routes.ts";
import * as github from "./github/routes.ts";
import * as jsonp from "./jsonp/routes.ts";
import type { Localized } from "./localized.ts";
import * as noSecondRefresh from "./no-second-refresh/routes.ts";
import * as oauth1 from "./oauth1/routes.ts";
import * as queryToken from "./query-token/routes.ts";
import * as realms from "./realms/routes.ts";
import type { Route } from "./route.ts";
import * as tenants from "./tenants/routes.ts";

/** One way of signing in that is imitated, with everything that makes it different. */
export interface Mechanism {
  /** The path that stands for its hosts; below it are the paths of the real one. Empty = they collide with nothing. */
  readonly mount: string;
  readonly about: Localized;
  readonly routes: readonly Route[];
}

/** THE TABLE of look-alikes. */
export const MECHANISMS: Readonly<Record<LookAlike, Mechanism>> = {
  github: {
    mount: "/github",
    about: {
      en: "Errors with status 200, form-encoded unless asked, e-mail in a second call, teams on pages",
      "zh-CN": "以 200 返回错误，默认表单编码，邮箱需另行获取，团队分页",
    },
    routes: github.routes,
  },
  "no-second-refresh": {
    mount: "/no-second-refresh",
    about: {
      en: "A refresh token at the first consent only, the company in a claim",
      "zh-CN": "仅首次同意时给刷新令牌，公司信息在声明中",
    },
    routes: noSecondRefresh.routes,
  },
  tenants: {
    mount: "",
    about: {
      en: "/{tenant}: an issuer with the tenant in it, more groups than a token holds",
      "zh-CN": "/{tenant}：签发者含租户，组数量超出令牌上限",
    },
    routes: tenants.routes,
  },
  realms: {
    mount: "",
    about: {
      en: "/realms/{realm}: any realm, with nested roles and group paths",
      "zh-CN": "/realms/{realm}：任意域，嵌套角色与组路径",
    },
    routes: realms.routes,
  },
  "form-post": {
    mount: "/form-post",
    about: {
      en: "A callback by POST, a client secret that is signed, no userinfo, the name only once",
      "zh-CN": "以 POST 回调，客户端密钥需签名，没有用户信息端点，姓名只给一次",
    },
    routes: formPost.routes,
  },
  envelope: {
    mount: "/envelope",
    about: {
      en: "A JSON token request, numeric codes, answers inside data",
      "zh-CN": "JSON 令牌请求，数字错误码，结果在 data 中",
    },
    routes: envelope.routes,
  },
  "camel-json": {
    mount: "/camel-json",
    about: {
      en: "camelCase JSON, the code as authCode, a token header of its own",
      "zh-CN": "驼峰 JSON，授权码名为 authCode，令牌用专用请求头",
    },
    routes: camelJson.routes,
  },
  "app-token": {
    mount: "/app-token",
    about: {
      en: "No token of the person: the application's own token turns the code into a name",
      "zh-CN": "没有用户令牌：用应用令牌换取成员身份",
    },
    routes: appToken.routes,
  },
  jsonp: {
    mount: "/jsonp",
    about: {
      en: "Form-encoded tokens, JSONP errors, numbers as text",
      "zh-CN": "表单编码令牌，JSONP 错误，数字为字符串",
    },
    routes: jsonp.routes,
  },
  "query-token": {
    mount: "/query-token",
    about: {
      en: "The secret in the query, a fragment in the address, two ids, no e-mail",
      "zh-CN": "密钥在查询串中，地址带片段，两种标识，没有邮箱",
    },
    routes: queryToken.routes,
  },
  gateway: {
    mount: "/gateway",
    about: {
      en: "One address for every call, each signed, and so is each answer",
      "zh-CN": "所有调用同一网关，请求与应答均签名",
    },
    routes: gateway.routes,
  },
  "confirmed-emails": {
    mount: "/confirmed-emails",
    about: {
      en: "E-mail addresses with a state, and a User-Agent is demanded",
      "zh-CN": "邮箱带确认状态，必须携带 User-Agent",
    },
    routes: confirmedEmails.routes,
  },
  oauth1: {
    mount: "/oauth1",
    about: {
      en: "OAuth 1.0a: a temporary token before the redirect, every request signed",
      "zh-CN": "OAuth 1.0a：跳转前先取临时令牌，每个请求签名",
    },
    routes: oauth1.routes,
  },
};

/** Where each look-alike answers. */
export function lookAlikeUrls(issuer: string): Readonly<Record<LookAlike, string>> {
  const entries = LOOK_ALIKES.map((name) => [name, `${issuer}${MECHANISMS[name].mount}`]);
  return Object.fromEntries(entries) as Record<LookAlike, string>;
}
