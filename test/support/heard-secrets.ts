import { createSealer } from "../../src/crypto/seal.ts";
import type { LoginTransaction } from "../../src/model/login-transaction.ts";
import type { Canaries } from "./canaries.ts";
import type { Exchange, Said } from "./wiretap.ts";

/** A secret, and what it is. */
export interface Secret {
  readonly kind: SecretKind;
  readonly value: string;
}

export type SecretKind =
  | "secret of the server"
  | "client secret"
  | "webhook secret"
  | "webhook address"
  | "password of the database"
  | "code"
  | "state"
  | "nonce"
  | "code verifier"
  | "access token"
  | "refresh token"
  | "ID token"
  | "logout token"
  | "session secret"
  | "transaction cookie"
  | "invitation cookie"
  | "sign-out cookie"
  | "access request cookie"
  | "invitation token"
  | "owner link token"
  | "API key"
  | "token for a service"
  | "token for metrics";

/** What a secret is called in a query, a form, or JSON. */
const PARAMETERS: Readonly<Record<string, SecretKind>> = {
  client_secret: "client secret",
  code: "code",
  state: "state",
  nonce: "nonce",
  code_verifier: "code verifier",
  access_token: "access token",
  refresh_token: "refresh token",
  id_token: "ID token",
  id_token_hint: "ID token",
  logout_token: "logout token",
};

/** What our cookies keep, by how their names begin; the others hold nothing that is secret. */
const COOKIES: Readonly<Record<string, SecretKind>> = {
  "postern=": "session secret",
  "postern-tx-": "transaction cookie",
  "postern-invitation=": "invitation cookie",
  "postern-owner-link=": "owner link token",
  "postern-sign-out=": "sign-out cookie",
  "postern-access-request=": "access request cookie",
};

/** Everything secret that was said to a provider and by it. */
export function heardAtProvider(exchanges: readonly Exchange[]): readonly Secret[] {
  return exchanges.flatMap((exchange) => [
    ...named(queryOf(exchange.target)),
    ...named(formOf(exchange.asked)),
    ...credentials(exchange.asked),
    ...named(queryOf(headerOf(exchange.answered, "location") ?? "")),
    ...named(jsonOf(exchange.answered)),
  ]);
}

/** Everything secret that browsers and providers said to a back office, and what it gave them to keep. */
export function heardAtOffice(exchanges: readonly Exchange[], secrets: readonly string[]): readonly Secret[] {
  const sealer = createSealer(secrets);
  return exchanges.flatMap((exchange) => {
    const kept = cookiesSetBy(exchange.answered);
    const attempts = kept.filter(({ kind }) => kind === "transaction cookie");
    return [
      ...named(queryOf(exchange.target)),
      ...named(formOf(exchange.asked)),
      ...kept,
      ...attempts.flatMap(({ value }) => insideOf(sealer.open("login-transaction", value))),
    ];
  });
}

/** The secrets once each, under names that tell what they are without telling them. */
export function canariesOf(secrets: readonly Secret[]): Canaries {
  const kinds = new Map(secrets.filter(({ value }) => value !== "").map(({ kind, value }) => [value, kind]));
  return Object.fromEntries([...kinds].map(([value, kind], n) => [`${kind} #${n}`, value]));
}

/** The value of a header, the first where there are several. */
export function headerOf({ headers }: Said, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

function named(parameters: URLSearchParams): readonly Secret[] {
  return [...parameters].flatMap(([name, value]) => {
    const kind = PARAMETERS[name];
    return kind === undefined ? [] : [{ kind, value }];
  });
}

function queryOf(address: string): URLSearchParams {
  return new URLSearchParams(address.split("?")[1] ?? "");
}

function formOf(said: Said): URLSearchParams {
  const isForm = headerOf(said, "content-type")?.startsWith("application/x-www-form-urlencoded");
  return new URLSearchParams(isForm === true ? said.body : "");
}

/** The members of an object that are texts. */
function jsonOf(said: Said): URLSearchParams {
  if (headerOf(said, "content-type")?.includes("json") !== true) return new URLSearchParams();
  const members = Object.entries(readJson(said.body) ?? {});
  return new URLSearchParams(
    members.filter((member): member is [string, string] => typeof member[1] === "string"),
  );
}

function readJson(text: string): object | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** RFC 6749 §2.3.1 and RFC 6750 §2.1. */
function credentials(asked: Said): readonly Secret[] {
  const [scheme, value = ""] = headerOf(asked, "authorization")?.split(" ") ?? [];
  if (scheme === "Bearer") return [{ kind: "access token", value }];
  if (scheme !== "Basic") return [];
  const [, password = ""] = Buffer.from(value, "base64").toString().split(":");
  return [{ kind: "client secret", value: decodeURIComponent(password) }];
}

/** Without those that it clears away. */
function cookiesSetBy(answered: Said): readonly Secret[] {
  const set = answered.headers.filter(([name]) => name === "set-cookie");
  return set.flatMap(([, line]) => {
    const [, kind] = Object.entries(COOKIES).find(([name]) => line.startsWith(name)) ?? [];
    const value = /=([^;]*)/.exec(line)?.[1] ?? "";
    return kind === undefined || value === "" ? [] : [{ kind, value }];
  });
}

function insideOf(transaction: unknown): readonly Secret[] {
  if (transaction === null) throw new Error("A cookie holds no transaction that these secrets open.");
  const { state, nonce, codeVerifier } = transaction as LoginTransaction;
  return [
    { kind: "state", value: state },
    { kind: "nonce", value: nonce },
    { kind: "code verifier", value: codeVerifier },
  ];
}
