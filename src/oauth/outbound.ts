import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { performance } from "node:perf_hooks";
import type { Log } from "../model/log.ts";
import { isLoopbackHost } from "./address-policy.ts";
import { createCircuitBreaker } from "./circuit-breaker.ts";
import { connectionFailure } from "./connection-failure.ts";
import { assertAddress, guardedLookup, type Lookup } from "./guarded-lookup.ts";
import { isNamed } from "./host-key.ts";
import { isOutage } from "./is-outage.ts";
import { endStale, isStanding, noteUse } from "./kept-connections.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import { type AnswerKind, receiveAnswer } from "./receive-answer.ts";
import { USER_AGENT } from "./user-agent.ts";

/** Budgets in milliseconds. */
export interface OutboundTimeouts {
  /** Name resolution, TCP and TLS together. Default 3000. */
  readonly connect?: number;
  /** From the call to the last byte of the answer, whatever arrives in between. Default 10000. */
  readonly exchange?: number;
  /** For which a connection may idle before it is trusted no more. Default 4000. */
  readonly idle?: number;
  /** The longest pause before the one retry of an idempotent call. Default 250. */
  readonly retry?: number;
}

export interface OutboundOptions {
  /** Hosts that the operator wrote down, as `name:port` or `name`: only these may be private. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  readonly timeouts?: OutboundTimeouts;
  readonly lookup?: Lookup;
}

export interface OutboundInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | Uint8Array | undefined;
  /** Longer answers are cut off and refused. */
  readonly maxBytes: number;
  /** What is asked, for the administrator: `token`, `jwks`. */
  readonly endpoint?: string;
  /** True = may be sent a second time when the first got lost. Never for a code or a token exchange. */
  readonly idempotent?: boolean;
  /** `whole` = redirects are answers too, and every header but cookies is kept. Default `plain`. */
  readonly answer?: AnswerKind;
  /** For the whole exchange, in milliseconds. Default that of the client. */
  readonly timeout?: number | undefined;
  /** Ends the call at once. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Counts failures apart from other calls to the same origin, and takes connections of its own: a broken API must not
   * close the sign-in, nor a slow one hold it up. One of a few words.
   */
  readonly circuit?: string;
  /** Which provider is asked, for `isCutOff`. */
  readonly caller?: string;
}

/** The one HTTP client for everything Postern asks of a provider. */
export interface Outbound {
  /** Resolves with a complete answer below 300 or from 400 on. @throws OAuthFailure for everything else */
  fetch(url: string | URL, init: OutboundInit): Promise<Response>;
  /** Whether a host that this caller has asked lately is not asked now, because it does not answer. */
  isCutOff(caller: string): boolean;
  /** Ends idle connections. */
  close(): Promise<void>;
}

// A socket that has idled longer is not trusted any more: the server may be closing it just as a request sets out,
// and a token request must not be sent twice. Node's own servers, for one, hang up after five seconds.
const IDLE = 4_000;
const MAX_SOCKETS_PER_HOST = 50;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Makes the client: keep-alive over `node:http`, wall budgets on monotonic timers, capped bodies, no redirects, no
 * cookies, no proxy from the environment, no compression, public addresses only unless the operator named the host,
 * https only except on this machine, and a circuit breaker per origin.
 */
export function createOutbound(options: OutboundOptions): Outbound {
  const agentOptions = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS_PER_HOST,
    timeout: options.timeouts?.idle ?? IDLE,
  } as const;
  const agentsOf = new Map<string, Agents>();
  const breaker = createCircuitBreaker(options);

  /** Each has connections of its own: whoever waits for a slow API must not take them from those who sign in. */
  function agentsFor({ circuit = "" }: OutboundInit): Agents {
    const known = agentsOf.get(circuit);
    if (known !== undefined) return known;
    const made = { plain: new http.Agent(agentOptions), tls: new https.Agent(agentOptions) };
    agentsOf.set(circuit, made);
    return made;
  }

  async function attempt(url: URL, init: OutboundInit): Promise<Response> {
    const circuit = init.circuit === undefined ? url.origin : `${url.origin} (${init.circuit})`;
    if (!breaker.admits(circuit, init.caller)) {
      throw new OAuthFailure("provider_unavailable", "circuit_open", describe(url, init));
    }
    try {
      const response = await exchange(url, init, agentsFor(init), options);
      if (isOutage(response.status)) breaker.failed(circuit, init.caller);
      else breaker.succeeded(circuit);
      return response;
    } catch (error) {
      // What was cut short by us tells nothing of the host.
      if (isAborted(error)) throw error;
      if (isUnavailable(error)) breaker.failed(circuit, init.caller);
      else breaker.succeeded(circuit);
      throw error;
    }
  }

  return {
    async fetch(input, init) {
      const url = checkUrl(input, init);
      if (init.idempotent !== true) return attempt(url, init);
      const first = await attempt(url, init).catch((error: unknown) => error);
      if (!isWorthRetrying(first)) return settle(first);
      await pause(Math.random() * (options.timeouts?.retry ?? 250));
      return attempt(url, init);
    },
    isCutOff: (caller) => breaker.isOpenFor(caller),
    async close() {
      for (const { plain, tls } of agentsOf.values()) {
        plain.destroy();
        tls.destroy();
      }
    },
  };
}

interface Agents {
  readonly plain: http.Agent;
  readonly tls: https.Agent;
}

function checkUrl(input: string | URL, init: OutboundInit): URL {
  const url = URL.parse(String(input));
  const fine =
    url !== null &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname))) &&
    url.username === "" &&
    url.password === "";
  if (!fine)
    throw new OAuthFailure("provider_untrusted", "insecure_url", { endpoint: init.endpoint ?? null });
  return url;
}

async function exchange(
  url: URL,
  init: OutboundInit,
  agents: Agents,
  options: OutboundOptions,
): Promise<Response> {
  const rule = { named: isNamed(url, options.allowedHosts), loopbackOnly: url.protocol === "http:" };
  // Sockets ask `lookup` only for names.
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0) assertAddress(literal, rule, describe(url, init));
  const lookup = guardedLookup(rule, options.lookup);
  const startedAt = performance.now();

  return new Promise((resolve, reject) => {
    const timers = new Set<NodeJS.Timeout>();
    const finish = (outcome: Response | OAuthFailure) => {
      for (const timer of timers) clearTimeout(timer);
      init.signal?.removeEventListener("abort", abort);
      if (outcome instanceof Response) {
        if (request.socket !== null) noteUse(request.socket);
        resolve(outcome);
        return;
      }
      // A half-read answer leaves the connection in an unknown state: it is never used again.
      request.destroy();
      const milliseconds = Math.round(performance.now() - startedAt);
      const detail = { ...describe(url, init), milliseconds, ...outcome.detail };
      reject(new OAuthFailure(outcome.code, outcome.reason, detail));
    };
    const abort = () => finish(new OAuthFailure("provider_unavailable", ABORTED));
    const budget = (milliseconds: number, reason: string) => {
      const timer = setTimeout(() => finish(new OAuthFailure("provider_unavailable", reason)), milliseconds);
      timers.add(timer);
      return timer;
    };

    const connected = url.protocol === "https:" ? "secureConnect" : "connect";
    endStale(url.protocol === "https:" ? agents.tls : agents.plain, options.timeouts?.idle ?? IDLE);
    const request = open(url, init, agents, lookup);
    budget(init.timeout ?? options.timeouts?.exchange ?? 10_000, "timeout");
    if (init.signal?.aborted === true) abort();
    else init.signal?.addEventListener("abort", abort);
    // Only now does anybody connect: before that the request may have waited for one of its host's connections.
    request.on("socket", (socket) => {
      if (isStanding(socket)) return;
      const connecting = budget(options.timeouts?.connect ?? 3_000, "connect_timeout");
      socket.once(connected, () => {
        noteUse(socket);
        clearTimeout(connecting);
      });
    });
    request.on("error", (error) => finish(connectionFailure(error)));
    request.on("response", (response) => receiveAnswer(response, init, finish));

    request.end(init.body instanceof URLSearchParams ? String(init.body) : init.body);
  });
}

function open(url: URL, init: OutboundInit, agents: Agents, lookup: http.RequestOptions["lookup"]) {
  const common = {
    method: init.method ?? "GET",
    headers: { ...init.headers, "accept-encoding": "identity", "user-agent": USER_AGENT },
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    lookup,
  };
  if (url.protocol === "http:") return http.request(url, { ...common, agent: agents.plain });
  // Said out loud, because NODE_TLS_REJECT_UNAUTHORIZED would otherwise switch it off.
  return https.request(url, {
    ...common,
    agent: agents.tls,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
  });
}

function describe(url: URL, init: OutboundInit): Readonly<Record<string, unknown>> {
  return { host: url.host, ...(init.endpoint === undefined ? {} : { endpoint: init.endpoint }) };
}

function isUnavailable(error: unknown): boolean {
  return error instanceof OAuthFailure && error.code === "provider_unavailable";
}

const ABORTED = "aborted";

function isAborted(error: unknown): boolean {
  return error instanceof OAuthFailure && error.reason === ABORTED;
}

// What took the whole budget once is not waited for a second time.
const RETRIABLE = new Set(["connection_failed", "connection_refused"]);

function isWorthRetrying(outcome: unknown): boolean {
  if (outcome instanceof Response) return outcome.status >= 500;
  return outcome instanceof OAuthFailure && RETRIABLE.has(outcome.reason);
}

function settle(outcome: unknown): Response {
  if (outcome instanceof Response) return outcome;
  throw outcome;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
