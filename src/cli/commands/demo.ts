import { once } from "node:events";
import { PERSONAS } from "../../rehearsal/personas.ts";
import { type Demo, startDemo } from "../../rehearsal/start-demo.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";
import type { Words } from "../words/en.ts";

const DEFAULT_PORT = 4180;
const DEFAULT_REHEARSAL_PORT = 4181;

/** Where the two servers of the demo are to be. */
interface Ports {
  readonly port: number;
  readonly rehearsalPort: number;
  /** Of a rehearsal provider that runs already, which leaves `rehearsalPort` out. */
  readonly rehearsalUrl: string | undefined;
}

/** `postern demo`: runs until it is told to stop. */
export async function run(invocation: Invocation): Promise<void> {
  const { env, words, out, stop } = invocation;
  const ports = readPorts(invocation);
  const demo = await startDemo({ ...ports, env }).catch((error: unknown) => {
    throw portProblem(error, ports) ?? error;
  });
  out.answer(asDocument(demo), asText(invocation, demo));
  if (!stop.aborted) await once(stop, "abort");
  out.say(words.demo.stopping);
  await demo.close();
}

/** The options win over the environment: a `--rehearsal-port` starts a provider even where REHEARSAL_URL is set. */
function readPorts({ flags, env }: Invocation): Ports {
  const port = readPort("--port", flags.port) ?? readPort("PORT", env.PORT) ?? DEFAULT_PORT;
  const asked = readPort("--rehearsal-port", flags.rehearsalPort);
  const rehearsalUrl = asked === undefined ? env.REHEARSAL_URL || undefined : undefined;
  const rehearsalPort = asked ?? readPort("REHEARSAL_PORT", env.REHEARSAL_PORT) ?? DEFAULT_REHEARSAL_PORT;
  if (rehearsalUrl === undefined && port === rehearsalPort && port !== 0) {
    throw new CliFailure("invalid_argument", (words) => words.samePort(port));
  }
  return { port, rehearsalPort, rehearsalUrl };
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined || (text === "" && !name.startsWith("-"))) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new CliFailure("invalid_argument", (words) => words.notAPort(name, text));
}

/** What the system says about a port, as a sentence that says what to do; `null` = it is about something else. */
function portProblem(error: unknown, ports: Ports): CliFailure | null {
  if (!(error instanceof Error && "code" in error && "port" in error)) return null;
  const { code, port } = error as Error & { readonly code: unknown; readonly port: number };
  const [option, variable] =
    port === ports.port ? ["--port", "PORT"] : ["--rehearsal-port", "REHEARSAL_PORT"];
  const more = { port, option, variable };
  switch (code) {
    case "EADDRINUSE":
      return new CliFailure("port_unavailable", (words) => words.portTaken(port, option, variable), { more });
    case "EACCES":
      return new CliFailure("port_unavailable", (words) => words.portForbidden(port, option, variable), {
        more,
      });
    default:
      return null;
  }
}

type PersonaId = keyof Words["demo"]["people"];

/** Those whom the text introduces; the others are on the provider's own page. */
const INTRODUCED: readonly PersonaId[] = ["ada", "grace", "bo", "mallory"];

function asText({ words, out }: Invocation, demo: Demo): string {
  const people = INTRODUCED.map((id, index): readonly [string, string] => {
    const name = PERSONAS.find((persona) => persona.id === id)?.name ?? id;
    return [index === 0 ? words.demo.signInAs : "", `${name} (${words.demo.people[id]})`];
  });
  return labelled(out, [
    [words.demo.open, `${demo.url}/admin`],
    ...people,
    [words.demo.provider, demo.rehearsalUrl],
    [words.demo.kept, demo.database],
    [words.demo.stop, words.demo.howToStop],
  ]);
}

function asDocument({ url, rehearsalUrl, database }: Demo): object {
  return { url, rehearsalUrl, database, personas: INTRODUCED };
}
