import { Person } from "../../src/testing/person.ts";
import { openStage, PROVIDERS, type Stage, type StageOptions } from "./stage.ts";

/** Where people think they are; in truth the requests go to a port of this machine, as behind a proxy. */
export const PUBLIC_ORIGIN = "https://admin.example.com";

/** A stage whose office is reached by https, with the cookies and headers that go with it. */
export function openSecureStage({ options, ...rest }: StageOptions = {}): Promise<Stage> {
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret" };
  const redirectUris = PROVIDERS.map((provider) => `${PUBLIC_ORIGIN}/auth/callback/${provider}`);
  return openStage({
    ...rest,
    rehearsal: { clients: [{ ...client, redirectUris }] },
    options: { publicUrl: PUBLIC_ORIGIN, ...options },
  });
}

/** Somebody whose browser shows the https address. */
export class SecurePerson extends Person {
  override post(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    return super.post(path, fields, { origin: PUBLIC_ORIGIN, ...headers });
  }
}
