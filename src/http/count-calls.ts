import { atAddress, byPerson } from "../limits/counted.ts";
import { LIMITS } from "../model/limit-settings.ts";
import type { Call, SignedInCall } from "./call.ts";
import type { Route } from "./routes.ts";

/** Counts a call of a door that is for people who are signed in, before anybody is looked up. @throws LimitReached */
export function countCall({ who, limit }: Route, { runtime, visit }: Call): void {
  if (who === "signed-in" || limit === "calls") runtime.limits.take("calls", atAddress(visit.address));
}

/** Counts what somebody who is signed in does, wherever they are. @throws LimitReached */
export function countPerson({ limit }: Route, { runtime, visit, self }: SignedInCall): void {
  const person = byPerson(self.user.id, visit.address);
  runtime.limits.take("callsOfPerson", person);
  if (limit === "none" || limit === "callsOfPerson" || LIMITS[limit].by !== "person") return;
  runtime.limits.take(limit, person);
}
