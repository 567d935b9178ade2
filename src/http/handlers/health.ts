import type { Call } from "../call.ts";
import { errorProblem } from "../error-problem.ts";
import { json } from "../responses.ts";

/** `GET /auth/health/live`: the process answers. */
export async function live(): Promise<Response> {
  return json({ status: "ok" });
}

/** How soon a probe may ask again, in milliseconds. */
const ASK_AGAIN = 1_000;

/**
 * `GET /auth/health/ready`: the store answers, its migrations have run, and nobody is closing this instance. A dead
 * provider makes nobody unready. Why it is not, only the log tells.
 */
export async function ready({ runtime }: Call): Promise<Response> {
  const { gate, readiness } = runtime.operation;
  const code = gate.state === "open" ? await readiness.ask() : "shutting_down";
  if (code !== null) return errorProblem({ code, reference: null, retryAfter: ASK_AGAIN });
  return json({ status: "ok" });
}
