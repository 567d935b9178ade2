import type { Histogram } from "./histogram.ts";

/** The content type of the Prometheus text format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** One value of a family. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Everything under one name. */
export type Family = { readonly name: string; readonly help: string } & (
  | { readonly type: "counter" | "gauge"; readonly samples: readonly Sample[] }
  | {
      readonly type: "histogram";
      readonly histograms: readonly {
        readonly labels: Readonly<Record<string, string>>;
        readonly histogram: Histogram;
      }[];
    }
);

/** The Prometheus text exposition format, version 0.0.4. */
export function expose(families: readonly Family[]): string {
  const lines = families.flatMap((family) => [...head(family), ...linesOf(family)]);
  return lines.map((text) => `${text}\n`).join("");
}

function head({ name, help, type }: Family): readonly string[] {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return [`# HELP ${name} ${escaped}`, `# TYPE ${name} ${type}`];
}

function linesOf(family: Family): readonly string[] {
  const { name } = family;
  if (family.type !== "histogram")
    return family.samples.map(({ labels = {}, value }) => line(name, labels, value));
  return family.histograms.flatMap(({ labels, histogram }) => [
    ...histogram
      .buckets()
      .map(({ bound, count }) => line(`${name}_bucket`, { ...labels, le: numeral(bound) }, count)),
    line(`${name}_bucket`, { ...labels, le: "+Inf" }, histogram.count),
    line(`${name}_sum`, labels, histogram.sum),
    line(`${name}_count`, labels, histogram.count),
  ]);
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const written = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
  return `${name}${written.length === 0 ? "" : `{${written.join(",")}}`} ${numeral(value)}`;
}

function escapeValue(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numeral(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
