import type { Tracer } from "@opentelemetry/api";
import { ERRORS, type ErrorCode } from "../errors.ts";

/** What a span may tell: ids of the configuration, codes, numbers. Never of a person, never a secret, never a whole address. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** Adds what is known only later. */
export type Note = (attributes: SpanAttributes) => void;

interface Tracing {
  readonly tracer: Tracer;
  readonly ERROR: number;
}

/** `null` = the application has no OpenTelemetry. One for the process, as the API itself has it. */
let tracing: Tracing | null = null;

/** Looks once whether the application has `@opentelemetry/api`. `load` is for tests. */
export async function findTracing(
  load: () => Promise<typeof import("@opentelemetry/api")> = () => import("@opentelemetry/api"),
): Promise<void> {
  try {
    const { trace, SpanStatusCode } = await load();
    // Whoever registers a provider later is found all the same: the API hands on to it.
    tracing = { tracer: trace.getTracer("postern"), ERROR: SpanStatusCode.ERROR };
  } catch {
    tracing = null;
  }
}

const UNNOTED: Note = () => {};

/** What came of it: `succeeded`, or a code of the table of errors. */
export const OUTCOME = "postern.outcome";

/** Labels of a metric, as attributes of a span. */
export function attributesOf({ provider, purpose }: { provider: string; purpose?: string }): SpanAttributes {
  return { "postern.provider": provider, ...(purpose !== undefined && { "postern.purpose": purpose }) };
}

/**
 * Does the work within a span of its own. What it throws becomes a code and nothing else: messages may quote what people
 * typed and what providers wrote.
 */
export async function inSpan<T>(
  name: string,
  attributes: SpanAttributes,
  work: (note: Note) => Promise<T>,
): Promise<T> {
  if (tracing === null) return work(UNNOTED);
  const { tracer, ERROR } = tracing;
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    const note: Note = (more) => {
      span.setAttributes(more);
      if (isFailure(more[OUTCOME])) span.setStatus({ code: ERROR });
    };
    try {
      return await work(note);
    } catch (error) {
      note({ [OUTCOME]: codeOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What lies with us or with the provider; that somebody was not let in is no failure. */
function isFailure(outcome: string | number | undefined): boolean {
  return isCode(outcome) && ERRORS[outcome].status >= 500;
}

/** Errors of every floor carry one. */
function codeOf(error: unknown): ErrorCode {
  const code: unknown = Reflect.get(Object(error), "code");
  return isCode(code) ? code : "server_error";
}

function isCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERRORS, value);
}
