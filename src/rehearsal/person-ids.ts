import { createHash } from "node:crypto";
import type { Persona } from "./personas.ts";

/** The id of a person for one application alone (`openid`, `open_id`): another application sees another one. */
export function openIdOf(persona: Persona, clientId: string): string {
  return `o${digest("open", clientId, persona.subject).slice(0, 27)}`;
}

/** The id of a person for all applications of one developer (`unionid`, `union_id`). */
export function unionIdOf(persona: Persona): string {
  return `u${digest("union", persona.subject).slice(0, 27)}`;
}

/** A UUID that is always the same for the same text. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** 43 letters, digits, `-` and `_` that are always the same for the same texts. */
export function digest(...texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64url");
}
