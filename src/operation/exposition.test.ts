import { expect, test } from "vitest";
import { expose } from "./exposition.ts";
import { createHistogram } from "./histogram.ts";

test("is what Prometheus reads: escaped, with cumulative buckets, one line each", () => {
  const histogram = createHistogram([0.1, 1]);
  for (const seconds of [0.1, 0.5, 7]) histogram.observe(seconds);
  const text = expose([
    { name: "empty_total", help: "None yet.", type: "counter", samples: [] },
    {
      name: "odd",
      help: "A \\ and a\nbreak.",
      type: "gauge",
      samples: [{ labels: { a: 'x"y\\z\nw', b: "2" }, value: 1.5 }, { value: Number.POSITIVE_INFINITY }],
    },
    { name: "took_seconds", help: "H.", type: "histogram", histograms: [{ labels: { p: "q" }, histogram }] },
  ]);
  expect(text).toBe(
    [
      "# HELP empty_total None yet.",
      "# TYPE empty_total counter",
      "# HELP odd A \\\\ and a\\nbreak.",
      "# TYPE odd gauge",
      'odd{a="x\\"y\\\\z\\nw",b="2"} 1.5',
      "odd +Inf",
      "# HELP took_seconds H.",
      "# TYPE took_seconds histogram",
      'took_seconds_bucket{p="q",le="0.1"} 1',
      'took_seconds_bucket{p="q",le="1"} 2',
      'took_seconds_bucket{p="q",le="+Inf"} 3',
      'took_seconds_sum{p="q"} 7.6',
      'took_seconds_count{p="q"} 3',
      "",
    ].join("\n"),
  );
});
