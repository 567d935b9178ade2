import type { OpenidRules } from "../openid/openid-rules.ts";
import { digest } from "../person-ids.ts";
import type { Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { checkMintedSecret } from "./minted-secret.ts";

export const MOUNT = "/form-post";

/** Who hides the own address behind a forwarding one. */
const HIDES_EMAIL = "kit";

/** As Apple does it: ID token only, booleans as text, never a name in a token, errors without a description. */
export const provider: OpenidRules = {
  flavour: "form-post",
  issuer: ({ issuer }) => `${issuer}${MOUNT}`,
  claims: (persona, { scope }) => ({
    sub: `00${persona.subject.slice(-4)}.${Buffer.from(digest("team", persona.subject)).toString("hex").slice(0, 32)}.0456`,
    ...(scope.includes("email") && emailClaims(persona)),
    nonce_supported: true,
  }),
  async authenticate(context, { form }) {
    const clientId = form.get("client_id") ?? "";
    const audience = `${context.issuer}${MOUNT}`;
    const known = await checkMintedSecret(context, clientId, form.get("client_secret") ?? "", audience);
    return known
      ? { kind: "known", clientId }
      : { kind: "refused", response: json({ error: "invalid_client" }, { status: 400 }) };
  },
  givesRefreshToken: () => true,
  rotates: false,
  extras: () => ({}),
  refuse(why) {
    if (why === "grant_type") return json({ error: "unsupported_grant_type" }, { status: 400 });
    return json({ error: why === "doubled" ? "invalid_request" : "invalid_grant" }, { status: 400 });
  },
};

/** The address that applications are told, the forwarding one for those who hide theirs; `null` = none. */
export function toldEmail({ id, email, subject }: Persona): string | null {
  if (email === null || id !== HIDES_EMAIL) return email;
  return `${digest("relay", subject).slice(0, 10).toLowerCase()}@privaterelay.rehearsal.example`;
}

function emailClaims(persona: Persona) {
  const email = toldEmail(persona);
  if (email === null) return {};
  const hidden = persona.id === HIDES_EMAIL;
  return { email, email_verified: String(persona.emailVerified), is_private_email: String(hidden) };
}
