import { afterAll, beforeAll, describe } from "vitest";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { addressPromises } from "./internal/adapter-suite/addresses.ts";
import { answerPromises } from "./internal/adapter-suite/answers.ts";
import type {
  AdapterApplication,
  AdapterSetup,
  StartApplication,
} from "./internal/adapter-suite/application.ts";
import { bodyPromises } from "./internal/adapter-suite/bodies.ts";
import { crossOriginPromises } from "./internal/adapter-suite/cross-origin.ts";
import { freshnessPromises, guardPromises } from "./internal/adapter-suite/guards.ts";
import { expectSignedOutWithinASecond, oneSystemPromises } from "./internal/adapter-suite/one-system.ts";
import { pathPromises } from "./internal/adapter-suite/paths.ts";
import { prefixPromises } from "./internal/adapter-suite/prefix.ts";
import { signInPromises } from "./internal/adapter-suite/sign-in.ts";
import { type OpenStage, openStage } from "./internal/adapter-suite/stage.ts";

export { type AdapterApplication, type AdapterSetup, expectSignedOutWithinASecond, type StartApplication };

/** What every adapter promises, over real sockets, as one vitest suite. */
export function adapterSuite(name: string, start: StartApplication): void {
  describe(name, () => {
    let rehearsal: Rehearsal;
    beforeAll(async () => {
      rehearsal = await startRehearsal();
    });
    afterAll(() => rehearsal.close());

    const open: OpenStage = (wish) => openStage(start, rehearsal.url, wish);
    signInPromises(open);
    guardPromises(open);
    freshnessPromises(open);
    answerPromises(open);
    pathPromises(open);
    bodyPromises(open);
    prefixPromises(open);
    addressPromises(open);
    crossOriginPromises(open);
    oneSystemPromises(open);
  });
}
