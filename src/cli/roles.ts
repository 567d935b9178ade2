import { roleCatalogue } from "../model/role-catalogue.ts";
import { nearest } from "../web/nearest.ts";
import { CliFailure } from "./failure.ts";
import type { Office } from "./with-postern.ts";

/** @throws CliFailure `unknown_role`, with the nearest name */
export function requireKnownRole({ settings }: Pick<Office, "settings">, role: string): void {
  const { roles } = roleCatalogue(settings.roles);
  if (roles.includes(role)) return;
  const guess = nearest(role, roles);
  throw new CliFailure("unknown_role", (words) => words.unknownRole(role, guess, roles.join(", ")), {
    more: { role, didYouMean: guess, known: roles },
  });
}
