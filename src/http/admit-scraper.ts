import { constantTimeEqual, sha256 } from "../crypto/hash.ts";
import { PosternError } from "../errors.ts";
import { bearerOf } from "./bearer.ts";
import type { Call } from "./call.ts";
import { errorProblem } from "./error-problem.ts";

/**
 * Whether somebody may read the metrics: `null` = they may, otherwise the answer to them. An address proves nothing: behind
 * a proxy on the same machine, everybody's is that machine's. @throws PosternError `not_found` where nobody may
 */
export function refuseScraper({ runtime, request }: Call): Response | null {
  const { metricsTokens } = runtime.settings;
  if (metricsTokens.length === 0) throw new PosternError("not_found", "The option metrics is not set.");
  const shown = sha256(bearerOf(request) ?? "");
  if (metricsTokens.some((token) => constantTimeEqual(token, shown))) return null;
  const response = errorProblem({ code: "authentication_required", reference: null });
  response.headers.set("www-authenticate", "Bearer");
  return response;
}
