import type { UnderFaultsOptions, UnderFaultsReport } from "./under-faults.ts";

/** Everything that breaks a promise, with the promise. */
export function brokenPromises({ promises }: UnderFaultsReport): readonly string[] {
  return Object.entries(promises).flatMap(([promise, { broken }]) =>
    broken.map((what) => `${promise}: ${what}`),
  );
}

/** What has not happened, or was not looked at, so that promises were kept for nothing. */
export function shortfalls(
  { tried, faults, ends, promises }: UnderFaultsReport,
  asked: Pick<UnderFaultsOptions, "signIns" | "faults">,
): readonly string[] {
  const struck = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const unlooked = Object.entries(promises).filter(([, { looked }]) => looked === 0);
  return [
    ...(tried < asked.signIns ? [`Only ${tried} of ${asked.signIns} sign-ins could be tried in time.`] : []),
    ...(struck < asked.faults ? [`Only ${struck} of ${asked.faults} faults came in time.`] : []),
    ...(ends["let-in"] === undefined ? ["Nobody was let in."] : []),
    ...unlooked.map(([promise]) => `Nothing was looked at: ${promise}.`),
  ];
}

/** For people. */
export function reportText(report: UnderFaultsReport): string {
  const { tried, ends, faults, seconds, promises } = report;
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`);
  return [
    `${tried} sign-ins over three processes in ${seconds.load.toFixed(0)} s, ${seconds.whole.toFixed(0)} s in all`,
    ...list(ends),
    "meanwhile, beside a provider that answers half of the time:",
    ...list(faults),
    "promises:",
    ...Object.entries(promises).flatMap(([promise, { looked, broken }]) => [
      `  ${broken.length === 0 ? "kept  " : "BROKEN"}  ${promise} (${looked})`,
      ...broken.slice(0, 10).map((what) => `            ${what}`),
      ...(broken.length > 10 ? [`            and ${broken.length - 10} more`] : []),
    ]),
  ].join("\n");
}
