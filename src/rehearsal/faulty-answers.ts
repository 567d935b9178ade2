/** What a faulty answer may use. */
export interface FaultTools {
  readonly issuer: string;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** As told by whoever switched the fault on; `null` = the fault's own default. */
  readonly milliseconds: number | null;
}

const HUGE_BODY_BYTES = 64 * 1024 * 1024;

/** Accepts the request and stays silent until the client gives up or the provider closes. */
export function neverAnswer(): Promise<Response> {
  return new Promise(() => {});
}

/** Five seconds unless told otherwise, then goes on as usual. */
export async function beSlow({ wait, milliseconds }: FaultTools): Promise<null> {
  await wait(milliseconds ?? 5000);
  return null;
}

export function failInside(): Response {
  return new Response("The rehearsal provider was told to fail.\n", {
    status: 500,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

/** 64 MiB of JSON in chunks, without a length to be warned by. */
export function answerHugely(): Response {
  const chunk = new Uint8Array(64 * 1024).fill("a".charCodeAt(0));
  let left = HUGE_BODY_BYTES;
  return json(
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"access_token":"')),
      pull(controller) {
        controller.enqueue(chunk);
        left -= chunk.byteLength;
        if (left <= 0) controller.close();
      },
    }),
  );
}

/** Says JSON and sends something that is neither JSON nor UTF-8. */
export function answerGarbage(): Response {
  return json(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x5d, 0x7d, 0x0a]));
}

/** What a captive portal or a proxy says in the provider's place, with status 200. */
export function answerHtml(): Response {
  return new Response(
    "<!doctype html><title>Network sign-in</title><p>This is not the page you asked for.\n",
    {
      headers: { "content-type": "text/html; charset=utf-8" },
    },
  );
}

export function redirectElsewhere({ issuer }: FaultTools): Response {
  return new Response(null, { status: 302, headers: { location: `${issuer}/rehearsal/elsewhere` } });
}

/** One space a second for ever: white space is legal before JSON, so only a budget for the whole exchange ends it. */
export function drip({ wait, milliseconds }: FaultTools): Response {
  const space = new TextEncoder().encode(" ");
  return json(
    new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await wait(milliseconds ?? 1000);
          controller.enqueue(space);
        },
      },
      { highWaterMark: 0 },
    ),
  );
}

function json(body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { "content-type": "application/json", "cache-control": "no-store" } });
}
