import { nearest } from "../web/nearest.ts";
import { CliFailure } from "./failure.ts";
import type { Office } from "./with-postern.ts";

/** @throws CliFailure `unknown_role`, with the nearest name */
export async function requireKnownRole({ door }: Pick<Office, "door">, role: string): Promise<void> {
  const roles = (await door.roles.list()).map(({ name }) => name);
  if (roles.includes(role)) return;
  const guess = nearest(role, roles);
  throw new CliFailure("unknown_role", (words) => words.unknownRole(role, guess, roles.join(", ")), {
    more: { role, didYouMean: guess, known: roles },
  });
}
