import { EXPOSITION_TYPE } from "../../operation/exposition.ts";
import type { Call } from "../call.ts";
import { tellMetrics } from "../tell-metrics.ts";

/** `GET /auth/metrics`: for Prometheus and what reads the same. */
export async function showMetrics({ runtime }: Call): Promise<Response> {
  return new Response(tellMetrics(runtime), { headers: { "content-type": EXPOSITION_TYPE } });
}
