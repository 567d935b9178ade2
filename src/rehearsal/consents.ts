import type { Flavour } from "./endpoints.ts";

/** Who has agreed to which application before. Some providers tell certain things only the first time. */
export interface Consents {
  /** Remembers that the person agreed; true = it was the first time. */
  give(flavour: Flavour, clientId: string, personaId: string): boolean;
}

/** Starts with nobody having agreed to anything. */
export function createConsents(): Consents {
  const given = new Set<string>();
  return {
    give(flavour, clientId, personaId) {
      const key = JSON.stringify([flavour, clientId, personaId]);
      const first = !given.has(key);
      given.add(key);
      return first;
    },
  };
}
