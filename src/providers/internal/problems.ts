import type { ConfigProblem } from "../../errors.ts";
import { endpointFault, issuerFault, type UrlFault } from "../../oauth/endpoint-url.ts";
import type { ClientAuthentication } from "../definition.ts";

/** One check: the problems it found, none when all is well. */
export type Check = () => readonly ConfigProblem[];

/** Runs checks one after the other and answers everything they found. */
export function findProblems(...checks: readonly Check[]): readonly ConfigProblem[] {
  return checks.flatMap((check) => check());
}

const ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** An instance id: it stands in addresses, cookies and `owners`. */
export function checkId(id: unknown): Check {
  return () =>
    typeof id === "string" && ID.test(id)
      ? []
      : [
          problem(
            "id",
            "is not lower case letters, digits and inner hyphens, 40 at most",
            `Choose one such as "${asId(id)}".`,
          ),
        ];
}

/** The id that is closest to what was given. */
function asId(given: unknown): string {
  const id =
    typeof given === "string"
      ? given
          .toLowerCase()
          .match(/[a-z0-9]+/g)
          ?.join("-")
      : undefined;
  return id !== undefined && ID.test(id) ? id : "corp-sso";
}

/** A name that people read, in one language or both. */
export function checkName(name: unknown): Check {
  return () => {
    const texts = typeof name === "object" && name !== null ? Object.values(name) : [name];
    const fine = texts.length > 0 && texts.every((text) => typeof text === "string" && text.trim() !== "");
    return fine ? [] : [problem("name", "is missing", 'Say what people call it: name: "Corp SSO".')];
  };
}

/** Client id and secret as the provider's page shows them. `where` tells where to find them. */
export function checkCredentials(
  given: {
    readonly clientId: unknown;
    readonly clientSecret?: unknown;
    readonly clientAuthentication?: ClientAuthentication | undefined;
  },
  where: string,
): Check {
  return () => {
    const id = checkCredential("clientId", given.clientId, where);
    if (given.clientAuthentication === "none") {
      if (given.clientSecret === undefined) return id;
      return [
        ...id,
        problem("clientSecret", 'is given, but clientAuthentication is "none"', "Remove one of the two."),
      ];
    }
    return [...id, ...checkCredential("clientSecret", given.clientSecret, where)];
  };
}

function checkCredential(path: string, value: unknown, where: string): readonly ConfigProblem[] {
  if (value === undefined || value === null || value === "") {
    return [problem(path, "is missing (is its environment variable set?)", where)];
  }
  if (typeof value !== "string") return [problem(path, "is not a text", where)];
  if (/\s/.test(value)) {
    return [problem(path, "holds white space, which often slips in when copying", `Copy it again. ${where}`)];
  }
  return isPlaceholder(value) ? [problem(path, "looks like a placeholder", where)] : [];
}

function isPlaceholder(value: string): boolean {
  return /^(change.?me|replace.?me|to.?do|x{3,}|\.{3,}|your.*|.*placeholder.*|<.*>|\$\{.*\}|undefined|null|client.?(id|secret))$/i.test(
    value,
  );
}

/** The address of an issuer, written exactly as the provider writes it. */
export function checkIssuer(value: unknown): Check {
  return () => {
    const issuer =
      typeof value === "string" ? /^(.+)\/\.well-known\/openid-configuration$/.exec(value)?.[1] : undefined;
    if (issuer === undefined) return checkAddress("issuer", value, issuerFault);
    return [problem("issuer", "is the address of the discovery document", `Give the issuer: "${issuer}".`)];
  };
}

/** The address of an endpoint. */
export function checkEndpoint(path: string, value: unknown): Check {
  return () => checkAddress(path, value, endpointFault);
}

function checkAddress(
  path: string,
  value: unknown,
  fault: (value: string) => UrlFault | null,
): readonly ConfigProblem[] {
  if (typeof value !== "string" || value === "") {
    return [problem(path, "is missing", 'Write it in full: "https://sso.example.com".')];
  }
  const found = /^\S+$/.test(value) ? fault(value) : "not_a_url";
  if (found === null) return [];
  const { message, fix } = URL_FAULTS[found];
  return [problem(path, message, fix)];
}

const URL_FAULTS: Readonly<Record<UrlFault, { readonly message: string; readonly fix: string }>> = {
  not_a_url: { message: "is not an address", fix: 'Write it in full: "https://sso.example.com".' },
  not_https: { message: "is not https", fix: "Use https; plain http is for localhost only." },
  userinfo: { message: "holds a user name or a password", fix: "Leave out everything before the @." },
  fragment: { message: "holds a fragment", fix: "Leave out the # and what follows." },
  query: {
    message: "holds a query",
    fix: "Leave out the ? and what follows. Is it the address of the discovery document? Give the issuer instead.",
  },
};

/** Extra parameters of the authorization address: none may replace one of the protocol. */
export function checkParameters(value: unknown): Check {
  return () =>
    Object.entries(value ?? {}).flatMap(([name, text]) => {
      const path = `authorizationParameters.${name}`;
      if (RESERVED.has(name)) return [problem(path, "is set by Postern itself", "Remove it.")];
      return typeof text === "string" ? [] : [problem(path, "is not a text", "Put it in quotes.")];
    });
}

const RESERVED = new Set([
  "client_id",
  "client_secret",
  "code_challenge",
  "code_challenge_method",
  "nonce",
  "redirect_uri",
  "request",
  "request_uri",
  "response_mode",
  "response_type",
  "scope",
  "state",
]);

/** Origins such as `https://login.example.com`. */
export function checkOrigins(value: readonly unknown[] | undefined): Check {
  return () =>
    (value ?? []).flatMap((origin, index) => {
      const fine =
        typeof origin === "string" &&
        !origin.includes("*") &&
        endpointFault(origin) === null &&
        URL.parse(origin)?.origin === origin;
      return fine
        ? []
        : [
            problem(
              `redirectOrigins[${index}]`,
              "is not an origin",
              'Write it as "https://login.example.com".',
            ),
          ];
    });
}

/** Scopes, one word each. */
export function checkScopes(value: readonly unknown[] | undefined): Check {
  return () =>
    // A text has no `flatMap`: who writes plain JavaScript hears of it here.
    value !== undefined && !Array.isArray(value)
      ? [problem("scopes", "is not a list", 'One word each: scopes: ["openid", "email"].')]
      : (value ?? []).flatMap((scope, index) =>
          typeof scope === "string" && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)
            ? []
            : [problem(`scopes[${index}]`, "is not a scope", 'One word each: scopes: ["openid", "email"].')],
        );
}

/** One mistake. */
export function problem(path: string, message: string, fix: string): ConfigProblem {
  return { path, message, fix };
}
