import { createSealer } from "../../src/crypto/seal.ts";
import type { LoginTransaction } from "../../src/model/login-transaction.ts";

/** Secrets by what they are, so that a find can be told without printing it. */
export type Canaries = Readonly<Record<string, string>>;

/** What no secret of any sign-in may look like anywhere: the rehearsal provider's tokens, as far as they can be told. */
const TOKEN_SHAPES: Readonly<Record<string, RegExp>> = {
  "a token of the OpenID provider": /rehearsal-[ar]t-[\w-]{20}/,
  "a token of the GitHub look-alike": /gho_[0-9a-f]{20}/,
  "a token of another look-alike": /(?:FE04|88E4|authusrB|eyJ-rehearsal-|ticket-)[\w-]{20}/,
  "a signed token": /eyJ[\w-]{10,}\.[\w-]{10,}\./,
};

/** Every secret that stands in any of the texts, as `place: secret`; plain, percent-encoded, or in base64. */
export function findCanaries(
  places: Readonly<Record<string, string>>,
  canaries: Canaries,
): readonly string[] {
  const found: string[] = [];
  for (const [place, text] of Object.entries(places)) {
    for (const [name, secret] of Object.entries(canaries)) {
      if (spellings(secret).some((spelling) => text.includes(spelling))) found.push(`${place}: ${name}`);
    }
    for (const [name, shape] of Object.entries(TOKEN_SHAPES)) {
      if (shape.test(text)) found.push(`${place}: ${name}`);
    }
  }
  return found;
}

/** What a code is called in a callback; with OAuth 1.0a it has two parts. */
const CODES = ["code", "authCode", "auth_code", "oauth_token", "oauth_verifier"];

/** What an attempt keeps secret: what its sealed cookie holds, and the code in its callback. */
export function canariesOfAttempt(secret: string, transactionCookie: string, callback: string): Canaries {
  const transaction = createSealer([secret]).open("login-transaction", transactionCookie);
  if (transaction === null) throw new Error("The cookie holds no transaction that this secret opens.");
  const { state, nonce, codeVerifier, extra = {} } = transaction as LoginTransaction;
  const told = new URL(callback, "http://localhost").searchParams;
  const codes = CODES.flatMap((name) => {
    const value = told.get(name);
    return value === null ? [] : [[`the ${name}`, value]];
  });
  return {
    "the session secret of the server": secret,
    "the client secret": "rehearsal-secret",
    "the sealed transaction": transactionCookie,
    "the state": state,
    "the nonce": nonce,
    "the code verifier": codeVerifier,
    ...Object.fromEntries(codes),
    ...extra,
  };
}

/** Head and body of an answer as one text; without the cookies that it sets, whose place that is. */
export function textOfAnswer(response: Response, body: string): string {
  const lines = [...response.headers].filter(([name]) => name !== "set-cookie");
  return [...lines.map(([name, value]) => `${name}: ${value}`), "", body].join("\n");
}

function spellings(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=+$/, "")];
}
