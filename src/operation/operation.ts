import { createGate, type Gate } from "./gate.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { createReadiness, type Readiness, type ReadinessOptions } from "./readiness.ts";

/** What whoever runs an instance wants to know of it, and how it ends. */
export interface Operation {
  readonly gate: Gate;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

export function createOperation(options: ReadinessOptions): Operation {
  return { gate: createGate(), readiness: createReadiness(options), metrics: createMetrics() };
}
