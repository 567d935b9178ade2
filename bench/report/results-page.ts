import type { MeasuredTarget } from "../measure-target.ts";
import { DISTURBED } from "../measures/round.ts";
import type { RouteResult } from "../measures/routes.ts";
import { SIZES } from "../sizes.ts";
import { TARGETS } from "../targets.ts";
import { digits, table, withSpread } from "./format.ts";
import type { Results } from "./results.ts";

type Measured = Extract<MeasuredTarget, { json: unknown }>;

/** `RESULTS.md`: everything that was measured, for people to read. */
export function resultsPage(results: Results): string {
  const measured = results.targets.filter((target): target is Measured => "json" in target);
  const parts = [
    `# Side by side\n\n${preamble(results)}`,
    `## A guarded JSON route\n\n${routeTable(measured, "json")}`,
    `## A guarded page\n\n${routeTable(measured, "page")}`,
    `## A whole sign-in\n\n${SIGN_INS}\n\n${signInTable(measured)}`,
    `## Start, memory, installation\n\n${footprint(results, measured)}`,
    `## As it grows\n\n${GROWTH}\n\n${growthTable(measured)}`,
    `## How quiet it was\n\n${quiet(results, measured)}`,
    ...notMeasured(results),
    `## Versions\n\n${versions(results)}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function preamble({ date, size, machine, pinned, targets }: Results): string {
  const { rounds, seconds } = SIZES[size];
  const minutes = targets.reduce((sum, target) => sum + target.minutes, 0);
  return `Measured on ${date} by \`npm run bench${size === "full" ? "" : ` -- --${size}`}\` in ${digits(minutes)} minutes, on:

${machine.map((fact) => `- ${fact}`).join("\n")}

${
  size === "full"
    ? "Figures are medians of"
    : "**A short run: read ratios, and those with care.** Figures are medians of"
} ${rounds} rounds (in brackets the middle half of them). In each round the bare server of the same framework is
asked for ${seconds === 1 ? "a second" : `${seconds} seconds`}, then the target, by ${CONNECTIONS} connections that are kept. ${
    pinned
      ? "The server has a core for itself; the load, the stub provider and the database servers share the others."
      : "Server and load could not be put on different cores here."
  } CPU is what the server's own process accounts for: what PostgreSQL and Redis spend comes on top and is not counted.
[README.md](README.md) tells how it is done.`;
}

const CONNECTIONS = 32;

function routeTable(measured: readonly Measured[], name: "json" | "page"): string {
  const row = (result: Measured) => {
    const route: RouteResult = result[name];
    const bare = result.signIn === null;
    return [
      titleOf(result),
      digits(route.requestsPerSecond.median),
      bare ? "" : withSpread(route.share),
      digits(route.cpu.median),
      bare ? "" : withSpread(route.added),
      withSpread(route.p50),
      withSpread(route.p99),
    ];
  };
  const head = ["", "requests a second", "share of bare", "CPU, µs", "of it added", "p50, ms", "p99, ms"];
  return table(head, measured.map(row));
}

const SIGN_INS = `The request that begins it and the callback, by people who have never been there; for Auth.js also the request for its CSRF
token, without which nothing begins. The floor makes the same OAuth calls with bare \`oauth4webapi\` and the built-in fetch,
and keeps nothing.`;

function signInTable(measured: readonly Measured[]): string {
  const rows = measured.flatMap((result) => {
    if (result.signIn === null) return [];
    const { cpu, ratio } = result.signIn;
    return [[titleOf(result), digits(1e6 / cpu.median), withSpread(cpu), withSpread(ratio)]];
  });
  return table(["", "sign-ins per CPU second", "CPU of one, µs", "× the floor"], rows);
}

function footprint({ size }: Results, measured: readonly Measured[]): string {
  const { manySignIns, stored } = SIZES[size];
  const rows = measured.map((result) => {
    const { start, install, growth } = result;
    return [
      titleOf(result),
      withSpread(start.firstAnswer),
      digits(start.idle),
      start.afterSignIns === null ? "" : digits(start.afterSignIns),
      growth?.[1] === undefined ? "" : digits(growth[1].memory),
      install === null ? "" : String(install.packages),
      install === null ? "" : digits(install.megabytes),
    ];
  });
  const head = [
    ...["", "first answer, ms", "idle, MiB"],
    `after ${number(manySignIns)} sign-ins`,
    `with ${number(stored[1] ?? 0)} sessions`,
    ...["packages", "MB"],
  ];
  return `The first answer counts from the start of the process, with its tables there already. Packages and megabytes are those of a
production install without the framework.

${table(head, rows)}`;
}

const GROWTH = `CPU microseconds of the server for a request by a session that it has not seen yet, for one that it has, and for a sign-in,
with so many sessions (and people) in the store. Those that keep sessions in a cookie have none to keep. One size after the
other, so that the machine's moods are in it: \`npm run bench:growth\` measures Postern's by turns, without a socket.`;

function growthTable(measured: readonly Measured[]): string {
  const rows = measured.flatMap((result) =>
    (result.growth ?? []).map((step) => [
      titleOf(result),
      number(step.sessions),
      digits(step.first),
      digits(step.again),
      digits(step.signIn),
      digits(step.memory),
    ]),
  );
  return table(["", "sessions", "first request", "again", "sign-in", "memory, MiB"], rows);
}

function quiet({ pinned }: Results, measured: readonly Measured[]): string {
  const sum = (figure: (result: Measured) => number) =>
    measured.reduce((total, result) => total + figure(result), 0);
  const [rounds, repeated, disturbed] = [
    sum(({ disturbance }) => disturbance.rounds),
    sum(({ disturbance }) => disturbance.repeated),
    sum(({ disturbance }) => disturbance.disturbed),
  ];
  const load = Math.max(0, ...measured.flatMap(({ json, page }) => [json.load, page.load]));
  const noise = pinned
    ? `A round counts as disturbed when others used more than ${DISTURBED * 100} % of the server's core; it is then measured again. Of
${rounds} rounds ${repeated} were measured again, and ${disturbed} stayed disturbed.`
    : `Whether others disturbed the ${rounds} rounds cannot be told here.`;
  return `${noise} The load took at most ${(load * 100).toFixed(0)} % of its core, so it was ${load > 0.9 ? "at its limit in some rounds: there it, and not the server, was measured" : "never what was measured"}.`;
}

function notMeasured({ targets }: Results): readonly string[] {
  const skipped = targets.flatMap((target) =>
    "skipped" in target ? [`- ${titleOf(target)}: ${target.skipped}`] : [],
  );
  return skipped.length === 0 ? [] : [`## Not measured\n\n${skipped.join("\n")}`];
}

function versions({ versions }: Results): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

function titleOf({ name }: { readonly name: string }): string {
  return TARGETS.find((target) => target.name === name)?.title ?? name;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
