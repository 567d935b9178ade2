import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { createActiveMisbehaviours, type MisbehaveOptions } from "./active-misbehaviours.ts";
import { answer } from "./answer.ts";
import { createAppTokens } from "./app-tokens.ts";
import { type ApplicationKeys, createApplicationKeys } from "./application-keys.ts";
import { checkOptions } from "./check-options.ts";
import { createClients } from "./clients.ts";
import { createConsents } from "./consents.ts";
import type { DelayHook, RehearsalContext } from "./context.ts";
import { ENDPOINTS, type Endpoint, type LookAlike } from "./endpoints.ts";
import { createGrants } from "./grants.ts";
import { lookAlikeUrls } from "./mechanisms.ts";
import type { MisbehaviourMode } from "./misbehaviours.ts";
import { createTemporaryCredentials } from "./oauth1/temporary-credentials.ts";
import { issueLogoutToken, type LogoutWish, sendLogoutToken } from "./openid/logout-token.ts";
import type { RehearsalOptions } from "./options.ts";
import { createPeople, type Persona } from "./personas.ts";
import { createSessions } from "./sessions.ts";
import { createSigningKeys } from "./signing-keys.ts";

/** A rehearsal that is running. */
export interface Rehearsal {
  /** Where it answers, without a slash at its end; the same as `issuer`. */
  readonly url: string;
  /** The OpenID Connect issuer. */
  readonly issuer: string;
  /** The base of the GitHub look-alike, laid out as an Enterprise Server. */
  readonly githubUrl: string;
  /** The base of each look-alike, for the `baseUrl` of a provider: below it are the paths of the real one. */
  readonly lookAlikes: Readonly<Record<LookAlike, string>>;
  /** What applications sign with where they need no secret but a key. New at every start. */
  readonly applicationKeys: ApplicationKeys;
  /** SPKI PEM of the key that signs now: ID tokens, and the answers of the gateway. */
  gatewayPublicKey(): string;
  readonly port: number;
  /** The people in the picker. */
  readonly personas: readonly Persona[];
  /** Requests so far, by endpoint: it counts on, so compare before and after. */
  readonly requests: Readonly<Record<Endpoint, number>>;
  /** Adds a person, or changes the one with the same id. */
  setPersona(persona: Persona): void;
  /** Switches a misbehaviour on for everybody. @throws RangeError when it cannot happen at that endpoint */
  misbehave(mode: MisbehaviourMode, options?: MisbehaveOptions): void;
  /** Ends every misbehaviour that was switched on for everybody. */
  behave(): void;
  /** Signs with a new key from now on; the one before stays published. */
  rotateKeys(): Promise<void>;
  /** Awaits `hook` before each answer of an endpoint; `null` ends that. */
  delay(endpoint: Endpoint, hook: DelayHook | null): void;
  /** A logout token of the plain OpenID provider, good or with something wrong. @throws RangeError for nobody it knows */
  logoutToken(wish: LogoutWish): Promise<string>;
  /** Posts one to an application's `/auth/backchannel-logout/…`; answers what it said. @throws RangeError as above */
  sendLogout(to: string | URL, wish: LogoutWish): Promise<{ readonly status: number; readonly body: string }>;
  /** Stops at once, also where an answer is still owed. */
  close(): Promise<void>;
}

/** Starts the rehearsal provider. @throws ConfigError in production, behind https, or open to other machines unasked */
export async function startRehearsal(options: RehearsalOptions = {}): Promise<Rehearsal> {
  checkOptions(options);
  const keys = await createSigningKeys();
  // The issuer holds the port, which is known only once the server listens; nothing is answered before that.
  const server = createAdaptorServer({
    fetch: (request) => answer(context, request),
    overrideGlobalObjects: false,
  }) as Server;
  const port = await listen(server, options.port ?? 0, options.host ?? "127.0.0.1");
  const issuer = options.publicUrl?.replace(/\/$/, "") ?? `http://localhost:${port}`;
  const context = createContext(options, issuer, keys);

  return {
    url: issuer,
    issuer,
    githubUrl: `${issuer}/github`,
    lookAlikes: lookAlikeUrls(issuer),
    applicationKeys: context.applicationKeys,
    gatewayPublicKey: () => String(keys.current().publicKey.export({ format: "pem", type: "spki" })),
    port,
    get personas() {
      return context.people.list();
    },
    requests: context.counts,
    setPersona: context.people.set,
    misbehave: context.misbehaviours.add,
    behave: context.misbehaviours.clear,
    rotateKeys: keys.rotate,
    delay: (endpoint, hook) =>
      void (hook === null ? context.delays.delete(endpoint) : context.delays.set(endpoint, hook)),
    logoutToken: (wish) => issueLogoutToken(context, wish),
    sendLogout: async (to, wish) => sendLogoutToken(to, await issueLogoutToken(context, wish)),
    close: () => close(server),
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function createContext(
  options: RehearsalOptions,
  issuer: string,
  keys: RehearsalContext["keys"],
): RehearsalContext {
  const now = options.now ?? Date.now;
  const { delay } = options;
  return {
    issuer,
    now,
    wait: options.wait ?? ((milliseconds) => setTimeout(milliseconds, undefined, { ref: false })),
    people: createPeople(),
    clients: createClients(options.clients ?? null),
    grants: createGrants(now),
    sessions: createSessions(),
    consents: createConsents(),
    appTokens: createAppTokens(now),
    temporaryCredentials: createTemporaryCredentials(now),
    applicationKeys: createApplicationKeys(),
    keys,
    misbehaviours: createActiveMisbehaviours(),
    delays: new Map(delay === undefined ? [] : ENDPOINTS.map((endpoint) => [endpoint, delay])),
    counts: Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, 0])) as Record<Endpoint, number>,
  };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
