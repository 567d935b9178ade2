import type { ConnectDeps } from "../providers/connect.ts";

/** One answer of a provider, as a fixture. */
export interface Answer {
  /** Default 200. */
  readonly status?: number;
  /** Sent as `application/json`; `ID_TOKEN` in it becomes a signed token. */
  readonly json?: unknown;
  /** Sent as it stands, as `text/plain` unless `headers` say otherwise. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by method and address without query: `POST https://place.example/token`. Several are given one by one; the last one stays. */
export type Answers = Readonly<Record<string, Answer | readonly Answer[]>>;

/** A request as the core sent it. */
export interface SentRequest {
  /** Method and address without query. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

/** An HTTP client that never leaves the process. */
export interface ScriptedOutbound {
  readonly outbound: ConnectDeps["outbound"];
  readonly sent: readonly SentRequest[];
}

/** Answers from fixtures. A request without one is a mistake of the definition or of the fixtures: it throws. */
export function scriptedOutbound(
  answers: Answers,
  bodyOf: (answer: Answer) => Promise<string>,
): ScriptedOutbound {
  const sent: SentRequest[] = [];
  const given = new Map<string, number>();
  return {
    sent,
    outbound: {
      async fetch(input, init) {
        const url = new URL(input);
        const key = `${init.method ?? "GET"} ${url.origin}${url.pathname}`;
        const body = init.body === undefined ? "" : String(init.body);
        sent.push({ key, query: url.searchParams, headers: new Headers(init.headers), body });
        const turn = given.get(key) ?? 0;
        given.set(key, turn + 1);
        const answer = pick(answers[key], turn);
        if (answer === null) throw new Error(`The fixtures have no answer to ${key}${url.search}`);
        const type = answer.text === undefined ? "application/json" : "text/plain";
        return new Response(await bodyOf(answer), {
          status: answer.status ?? 200,
          headers: { "content-type": type, ...answer.headers },
        });
      },
      isCutOff: () => false,
      close: async () => {},
    },
  };
}

function pick(answer: Answer | readonly Answer[] | undefined, turn: number): Answer | null {
  if (answer === undefined) return null;
  if (!isList(answer)) return answer;
  return answer[Math.min(turn, answer.length - 1)] ?? null;
}

function isList(answer: Answer | readonly Answer[]): answer is readonly Answer[] {
  return Array.isArray(answer);
}
