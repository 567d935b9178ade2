import { type Flavour, LOOK_ALIKES } from "./endpoints.ts";
import { createExpiringMap, type ExpiringMap } from "./expiring-map.ts";
import type { MisbehaviourMode } from "./misbehaviours.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Seconds that an access token lives. Some never end; a year is longer than any rehearsal. */
export const ACCESS_TOKEN_SECONDS: Readonly<Record<Flavour, number>> = {
  openid: 3600,
  github: 31_536_000,
  "no-second-refresh": 3599,
  tenants: 4219,
  realms: 300,
  "form-post": 3600,
  envelope: 7200,
  "camel-json": 7200,
  "app-token": 1800,
  jsonp: 5_184_000,
  "query-token": 7200,
  gateway: 1_296_000,
  "confirmed-emails": 86_400,
  oauth1: 31_536_000,
};

/** What a person agreed to in the picker; a code and every token made from it point here. */
export interface Grant {
  readonly flavour: Flavour;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly personaId: string;
  readonly scope: readonly string[];
  /** Every parameter of the authorization request. */
  readonly asked: Readonly<Record<string, string>>;
  /** What the path of the request named: a tenant, a realm; `null` where it names nothing. */
  readonly place: string | null;
  /** RFC 7636; `null` = the client sent none, which only some providers allow. */
  readonly codeChallenge: string | null;
  readonly nonce: string | null;
  /** The session that it belongs to; `null` where the provider tells of none. */
  readonly sid: string | null;
  /** Misbehaviour chosen for this attempt alone. */
  readonly misbehave: MisbehaviourMode | null;
  /** Whether the person had never agreed to this application before. */
  readonly firstConsent: boolean;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

export interface Grants {
  addCode(code: string, grant: Grant): void;
  addAccessToken(token: string, grant: Grant): void;
  addRefreshToken(token: string, grant: Grant): void;
  /** The grant behind a code, once. A second use ends everything made from the first (RFC 9700 §4.13). */
  spendCode(code: string): Grant | null;
  /** The grant behind a refresh token that is not used up by it. */
  findByRefreshToken(token: string): Grant | null;
  /** The grant behind a refresh token, once; the same rule (RFC 9700 §4.14). */
  spendRefreshToken(token: string): Grant | null;
  findByAccessToken(token: string): Grant | null;
  /** Ends an access token, or with a refresh token the whole grant (RFC 7009 §2.1). Another client's is left alone. */
  revoke(token: string, clientId: string): void;
  /** The misbehaviour of the attempt that a code or token belongs to, without using it up. */
  misbehaviourOf(codeOrToken: string): MisbehaviourMode | null;
}

interface OneTime {
  readonly grant: Grant;
  spent: boolean;
}

/** Keeps what was granted, in memory: a restart of the rehearsal signs everybody out of it. */
export function createGrants(now: () => number): Grants {
  const codes = createExpiringMap<OneTime>(now, 10 * MINUTE);
  const refreshTokens = createExpiringMap<OneTime>(now, 30 * DAY);
  const flavours: readonly Flavour[] = ["openid", ...LOOK_ALIKES];
  const accessTokens = Object.fromEntries(
    flavours.map((flavour) => [flavour, createExpiringMap(now, ACCESS_TOKEN_SECONDS[flavour] * 1000)]),
  ) as Readonly<Record<Flavour, ExpiringMap<Grant>>>;
  const ended = new WeakSet<Grant>();

  function spend(entries: ExpiringMap<OneTime>, key: string): Grant | null {
    const entry = entries.get(key);
    if (entry === null) return null;
    if (entry.spent) ended.add(entry.grant);
    entry.spent = true;
    return ended.has(entry.grant) ? null : entry.grant;
  }

  function findByAccessToken(token: string): Grant | null {
    for (const flavour of flavours) {
      const grant = accessTokens[flavour].get(token);
      if (grant !== null) return ended.has(grant) ? null : grant;
    }
    return null;
  }

  return {
    addCode: (code, grant) => codes.set(code, { grant, spent: false }),
    addAccessToken: (token, grant) => accessTokens[grant.flavour].set(token, grant),
    addRefreshToken: (token, grant) => refreshTokens.set(token, { grant, spent: false }),
    findByRefreshToken(token) {
      const grant = refreshTokens.get(token)?.grant ?? null;
      return grant !== null && !ended.has(grant) ? grant : null;
    },
    spendCode: (code) => spend(codes, code),
    spendRefreshToken: (token) => spend(refreshTokens, token),
    findByAccessToken,
    revoke(token, clientId) {
      const refreshable = refreshTokens.get(token)?.grant;
      if (refreshable?.clientId === clientId) ended.add(refreshable);
      const accessible = findByAccessToken(token);
      if (accessible?.clientId === clientId) accessTokens[accessible.flavour].delete(token);
    },
    misbehaviourOf(codeOrToken) {
      const oneTime = codes.get(codeOrToken) ?? refreshTokens.get(codeOrToken);
      return (oneTime?.grant ?? findByAccessToken(codeOrToken))?.misbehave ?? null;
    },
  };
}
