import { atAddress } from "../limits/counted.ts";
import type { Call } from "./call.ts";

/** Counts a link that opens nothing. One that opens something is never refused for what others tried. @throws LimitReached */
export function countDeadLink({ runtime, visit }: Call): void {
  runtime.limits.take("links", atAddress(visit.address));
}
