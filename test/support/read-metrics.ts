/** Values of the Prometheus text format by name and labels, as they are written: `name{a="b"}`. Throws where it is none. */
export function readMetrics(text: string): ReadonlyMap<string, number> {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const head = /^# (HELP|TYPE) (postern_[a-z_]+|process_start_time_seconds) (.+)$/.exec(line);
    if (head?.[1] === "TYPE") {
      if (types.has(head[2] ?? "")) throw new Error(`A family twice: ${line}`);
      types.set(head[2] ?? "", head[3] ?? "");
    }
    if (head !== null) continue;
    const sample = /^([a-z_]+)(\{(?:[a-z]+="[^"\\\n]*",?)+\})? (\S+)$/.exec(line);
    const family = sample?.[1]?.replace(/_(bucket|sum|count)$/, "") ?? "";
    if (sample === null || !(types.has(sample[1] ?? "") || types.get(family) === "histogram"))
      throw new Error(`No sample: ${line}`);
    const series = sample[1] + (sample[2] ?? "");
    if (values.has(series)) throw new Error(`A series twice: ${series}`);
    values.set(series, Number(sample[3]?.replace("Inf", "Infinity")));
  }
  return values;
}
