import type { Call, RehearsalContext } from "../context.ts";
import type { Flavour } from "../endpoints.ts";
import type { Grant } from "../grants.ts";
import type { Persona } from "../personas.ts";
import type { CodeRefusal } from "../spend-code.ts";
import type { ClientAuthentication } from "./client-authentication.ts";

type Claims = Readonly<Record<string, unknown>>;

/** Why the token endpoint gives nothing. */
export type TokenRefusal = CodeRefusal | "refresh_token" | "grant_type" | "doubled";

/** What differs between providers of OpenID Connect behind the authorization endpoint. */
export interface OpenidRules {
  readonly flavour: Flavour;
  /** `iss` of the ID token. */
  issuer(context: RehearsalContext, grant: Grant): string;
  /** What is told of a person, in the ID token and at userinfo. */
  claims(persona: Persona, grant: Grant, context: RehearsalContext): Claims;
  authenticate(context: RehearsalContext, call: Call): ClientAuthentication | Promise<ClientAuthentication>;
  /** Whether a code brings a refresh token. */
  givesRefreshToken(grant: Grant): boolean;
  /** Whether each use of a refresh token brings a new one and ends the old. */
  readonly rotates: boolean;
  /** Members of the token answer beside the standard ones. */
  extras(context: RehearsalContext, grant: Grant): Claims;
  /** `doubled` comes with the name of the parameter. */
  refuse(why: TokenRefusal, detail: string | null, context: RehearsalContext): Response;
}
