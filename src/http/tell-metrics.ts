import { expose, type Family, type Sample } from "../operation/exposition.ts";
import type { Runtime } from "../runtime.ts";

/** Everything that is measured here, in the Prometheus text format 0.0.4. */
export function tellMetrics(runtime: Runtime): string {
  return expose([...logins(runtime), ...sessions(runtime), ...signals(runtime), ...others(runtime)]);
}

function logins({ operation: { metrics } }: Runtime): readonly Family[] {
  return [
    {
      name: "postern_login_starts_total",
      help: "Sign-ins, confirmations and links that were to be begun, by what came of it.",
      type: "counter",
      samples: metrics.starts.samples(),
    },
    {
      name: "postern_logins_total",
      help: "The same that came back from the provider, by what came of it.",
      type: "counter",
      samples: metrics.logins.samples(),
    },
    {
      name: "postern_callback_duration_seconds",
      help: "From the callback of a provider to its answer.",
      type: "histogram",
      histograms: [...metrics.callbacks].map(([provider, histogram]) => ({
        labels: { provider },
        histogram,
      })),
    },
  ];
}

function sessions({ operation: { metrics }, sessionCache }: Runtime): readonly Family[] {
  const { hit, shared, read, refused } = metrics.sessionChecks;
  return [
    {
      name: "postern_session_checks_total",
      help: "Requests with a session cookie: answered from the cache, from what another process has shared, read from the store, or refused.",
      type: "counter",
      samples: byLabel("outcome", { hit, shared, read, refused }),
    },
    gauge("postern_session_cache_entries", "Sessions in the cache of this process.", sessionCache.size),
    gauge(
      "postern_session_cache_oldest_answer_seconds",
      "The longest age, since the start, at which an answer of the cache was trusted: no revocation took longer here.",
      sessionCache.oldestAnswer / 1_000,
    ),
  ];
}

function signals({ store }: Runtime): readonly Family[] {
  const state = store.signals.state(performance.now());
  return [
    {
      name: "postern_signals_state",
      help: "Whether changes by other processes are heard: 1 at proven, unproven, idle (nobody needs them now) or none.",
      type: "gauge",
      samples: ["proven", "unproven", "idle", "none"].map((name) => ({
        labels: { state: name },
        value: Number(name === state),
      })),
    },
    {
      name: "postern_revocation_delay_seconds",
      help: "From a change to the moment when this process has heard of it.",
      type: "histogram",
      histograms: state === "none" ? [] : [{ labels: {}, histogram: store.signals.heardAfter }],
    },
  ];
}

function others({ operation: { metrics, gate }, limits, providers, store }: Runtime): readonly Family[] {
  const pool = gate.state === "closed" ? null : store.pool();
  return [
    {
      name: "postern_token_refreshes_total",
      help: "Refreshes of kept tokens, by what came of them.",
      type: "counter",
      samples: metrics.refreshes.samples(),
    },
    {
      name: "postern_provider_circuit_open",
      help: "1 while a host of the provider has failed so often that it is not asked.",
      type: "gauge",
      samples: [...providers.values()].map((provider) => ({
        labels: { provider: provider.id },
        value: Number(provider.isCutOff()),
      })),
    },
    {
      name: "postern_webhook_deliveries_total",
      help: "Attempts to deliver a message to a webhook, by what came of them.",
      type: "counter",
      samples: metrics.webhooks.samples(),
    },
    {
      name: "postern_limits_exceeded_total",
      help: "What came too often, by the limit that had been reached.",
      type: "counter",
      samples: limits.tooMany.samples(),
    },
    {
      name: "postern_store_pool_connections",
      help: "Connections of this process to the database.",
      type: "gauge",
      samples: pool === null ? [] : byLabel("state", { in_use: pool.inUse, idle: pool.idle }),
    },
    {
      name: "postern_store_pool_waiting",
      help: "Work that waits for a connection.",
      type: "gauge",
      samples: pool === null ? [] : [{ value: pool.waiting }],
    },
    gauge(
      "postern_requests_inside",
      "Requests at the doors of Postern that are being answered.",
      gate.inside,
    ),
    gauge(
      "process_start_time_seconds",
      "When the process began, in seconds since the epoch.",
      performance.timeOrigin / 1_000,
    ),
  ];
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: "gauge", samples: [{ value }] };
}

function byLabel(label: string, values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
