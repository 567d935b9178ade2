/** Counts by labels. Each label must come from a closed set: of codes, or of ids of the configuration. */
export interface Counter<Label extends string> {
  add(labels: Readonly<Record<Label, string>>): void;
  samples(): readonly { readonly labels: Readonly<Record<Label, string>>; readonly value: number }[];
}

/** For what happens a few times a second; each session check is counted by a plain number. */
export function createCounter<Label extends string>(): Counter<Label> {
  const counts = new Map<string, { readonly labels: Readonly<Record<Label, string>>; value: number }>();
  return {
    add(labels) {
      const key = JSON.stringify(labels);
      const counted = counts.get(key);
      if (counted === undefined) counts.set(key, { labels, value: 1 });
      else counted.value++;
    },
    samples: () => [...counts.values()],
  };
}
