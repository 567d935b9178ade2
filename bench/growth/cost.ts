/** What some work took, in microseconds for one of it: of this process's CPU, and until it was done. */
export interface Cost {
  readonly cpu: number;
  readonly time: number;
}

/** Adds up pieces of work among which others lie that are not counted. */
export function costMeter(): {
  counted<T>(work: () => Promise<T> | T): Promise<T>;
  each(count: number): Cost;
} {
  let [cpu, time] = [0, 0];
  return {
    async counted(work) {
      const [before, began] = [process.cpuUsage(), performance.now()];
      const result = await work();
      time += (performance.now() - began) * 1_000;
      const { user, system } = process.cpuUsage(before);
      cpu += user + system;
      return result;
    },
    each: (count) => ({ cpu: cpu / count, time: time / count }),
  };
}
