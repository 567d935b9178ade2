import type { Locale } from "../i18n/locale.ts";
import type { ActiveMisbehaviours, Fault } from "./active-misbehaviours.ts";
import type { AppTokens } from "./app-tokens.ts";
import type { ApplicationKeys } from "./application-keys.ts";
import type { Clients } from "./clients.ts";
import type { Consents } from "./consents.ts";
import type { Endpoint } from "./endpoints.ts";
import type { Grants } from "./grants.ts";
import type { TemporaryCredentials } from "./oauth1/temporary-credentials.ts";
import type { People } from "./personas.ts";
import type { Sessions } from "./sessions.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Called before an endpoint answers; the answer waits for it. */
export type DelayHook = (endpoint: Endpoint) => void | Promise<void>;

/** The state of one running rehearsal: what its handlers work with. */
export interface RehearsalContext {
  /** Without a slash at its end. */
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly people: People;
  readonly clients: Clients;
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly consents: Consents;
  readonly appTokens: AppTokens;
  readonly temporaryCredentials: TemporaryCredentials;
  /** What applications sign with, unless they are registered with a public key of their own. */
  readonly applicationKeys: ApplicationKeys;
  readonly keys: SigningKeys;
  readonly misbehaviours: ActiveMisbehaviours;
  readonly delays: Map<Endpoint, DelayHook>;
  /** How many requests each endpoint has had. */
  readonly counts: Record<Endpoint, number>;
}

/** One request, read as far as every handler needs it. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** The parameters in a form-encoded body; empty without one. */
  readonly form: URLSearchParams;
  /** The JSON body; `null` without one, or when it cannot be read. */
  readonly json: unknown;
  /** What stands in the places of `{}` in the path of the route. */
  readonly segments: readonly string[];
  readonly locale: Locale;
  /** What must go wrong. */
  readonly faults: readonly Fault[];
}

export type Handler = (context: RehearsalContext, call: Call) => Response | Promise<Response>;
