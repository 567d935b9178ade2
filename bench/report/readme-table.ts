import type { TargetResult } from "../measure-target.ts";
import { digits, table } from "./format.ts";
import type { Results } from "./results.ts";

export type Language = "en" | "zh-CN";

const FIRST = "<!-- Written by npm run bench -->";
const LAST = "<!-- End of what npm run bench writes -->";

/** The rows that the front pages quote, and what they are called there. */
const ROWS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  "postern-hono-sqlite": { en: "**Postern**, Hono, SQLite", "zh-CN": "**Postern**，Hono，SQLite" },
  "postern-express-postgres": {
    en: "**Postern**, Express, PostgreSQL",
    "zh-CN": "**Postern**，Express，PostgreSQL",
  },
  "better-auth-hono": { en: "Better Auth, Hono, SQLite", "zh-CN": "Better Auth，Hono，SQLite" },
  "better-auth-hono-cookie-cache": {
    en: "the same with its cookie cache",
    "zh-CN": "同上，启用 cookie 缓存",
  },
  "auth-js-jwt": { en: "Auth.js, Express, JWT", "zh-CN": "Auth.js，Express，JWT" },
  "auth-js-database": { en: "Auth.js, Express, PostgreSQL", "zh-CN": "Auth.js，Express，PostgreSQL" },
  "passport-sqlite": {
    en: "Passport, express-session, SQLite",
    "zh-CN": "Passport，express-session，SQLite",
  },
  "passport-redis": { en: "Passport, express-session, Redis", "zh-CN": "Passport，express-session，Redis" },
  "express-openid-connect": {
    en: "express-openid-connect, cookie",
    "zh-CN": "express-openid-connect，cookie",
  },
  "fastify-plugins": {
    en: "@fastify/oauth2 and session, memory",
    "zh-CN": "@fastify/oauth2 与 session，内存",
  },
  "flask-authlib": { en: "Flask, Authlib, gunicorn, cookie", "zh-CN": "Flask，Authlib，gunicorn，cookie" },
};

const HEADS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    "",
    "CPU added to a guarded route, µs",
    "requests a second, share of the bare server",
    "CPU of a sign-in, × bare `oauth4webapi`",
    "idle, MiB",
    "packages",
    "MB",
  ],
  "zh-CN": [
    "",
    "受保护路由增加的 CPU，µs",
    "每秒请求数，占裸服务器的比例",
    "一次登录的 CPU，为裸 `oauth4webapi` 的倍数",
    "空闲内存，MiB",
    "包数",
    "MB",
  ],
};

const BELOW: Readonly<Record<Language, (results: Results) => string>> = {
  en: ({ date, size, machine }) =>
    `${date}, ${machine[0]}${size === "full" ? "" : ", a short run"}. The bare server is that of the same framework. [All figures](bench/RESULTS.md).`,
  "zh-CN": ({ date, size, machine }) =>
    `${date}，${machine[0]}${size === "full" ? "" : "，短测"}。裸服务器指同一框架、无认证的服务器。[全部数据](bench/RESULTS.md)。`,
};

/** The table of the front page in one language, between the two marks that `withTable` looks for. */
export function readmeTable(results: Results, language: Language): string {
  const rows = Object.entries(ROWS).flatMap(([name, titles]) => {
    const result = results.targets.find((target) => target.name === name);
    return result === undefined || "skipped" in result ? [] : [[titles[language], ...figures(result)]];
  });
  return `${FIRST}\n${table(HEADS[language], rows)}\n\n${BELOW[language](results)}\n${LAST}`;
}

function figures(result: Extract<TargetResult, { json: unknown }>): readonly string[] {
  const { json, signIn, start, install } = result;
  return [
    digits(json.added.median),
    digits(json.share.median),
    signIn === null ? "" : digits(signIn.ratio.median),
    digits(start.idle),
    install === null ? "" : String(install.packages),
    install === null ? "" : digits(install.megabytes),
  ];
}

/** The page with its table exchanged. @throws Error when it has no marks */
export function withTable(page: string, table: string): string {
  const [from, to] = [page.indexOf(FIRST), page.indexOf(LAST)];
  if (from === -1 || to < from) throw new Error(`The page has no "${FIRST}" before "${LAST}".`);
  return page.slice(0, from) + table + page.slice(to + LAST.length);
}
