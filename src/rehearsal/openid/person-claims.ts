import type { Persona } from "../personas.ts";

/** What the scopes allow to be told about a person (OpenID Connect Core §5.4). What there is not is left out. */
export function personClaims(persona: Persona, scope: readonly string[]): Readonly<Record<string, unknown>> {
  const { subject, name, email, emailVerified, github } = persona;
  return {
    sub: subject,
    ...(scope.includes("profile") && { preferred_username: github.login }),
    ...(scope.includes("profile") && name !== null && { name }),
    ...(scope.includes("email") && email !== null && { email, email_verified: emailVerified }),
  };
}
