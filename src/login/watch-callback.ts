import { PosternError } from "../errors.ts";
import type { LoginPurpose } from "../model/login-transaction.ts";
import { observeCallback } from "../operation/metrics.ts";
import { attributesOf, inSpan, OUTCOME } from "../operation/spans.ts";
import type { Runtime } from "../runtime.ts";
import type { FinishedLogin } from "./finished-login.ts";

/** Counts and times what comes of a callback, whatever that is. `provider` is one of the configuration. */
export function watchCallback(
  { operation: { metrics } }: Pick<Runtime, "operation">,
  provider: string,
  finish: () => Promise<FinishedLogin>,
): Promise<FinishedLogin> {
  const begun = performance.now();
  const count = (purpose: LoginPurpose | "unknown", outcome: string) => {
    metrics.logins.add({ provider, purpose, outcome });
    observeCallback(metrics, provider, performance.now() - begun);
  };
  return inSpan("postern.callback", attributesOf({ provider }), async (note) => {
    try {
      const finished = await finish();
      const outcome = outcomeOf(finished);
      const purpose = purposeOf(finished);
      count(purpose, outcome);
      note({ "postern.purpose": purpose, [OUTCOME]: outcome });
      return finished;
    } catch (error) {
      count("unknown", error instanceof PosternError ? error.code : "server_error");
      throw error;
    }
  });
}

/** `succeeded`, `restarted`, or the code of an error: a closed list. */
function outcomeOf(finished: FinishedLogin): string {
  if (finished.kind === "refused") return finished.code;
  return finished.kind === "restart" ? "restarted" : "succeeded";
}

function purposeOf(finished: FinishedLogin): LoginPurpose {
  switch (finished.kind) {
    case "refused":
      return finished.purpose;
    case "linked":
      return "link";
    case "stepped-up":
      return "step-up";
    default:
      return "login";
  }
}
