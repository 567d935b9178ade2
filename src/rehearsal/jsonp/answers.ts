type Members = Readonly<Record<string, string | number>>;

/** One answer in the format that was asked for; the content type says nothing either way. */
export function answerIn(format: "json" | "form" | "jsonp", members: Members): Response {
  const body =
    format === "form"
      ? new URLSearchParams(
          Object.entries(members).map(([name, value]): [string, string] => [name, String(value)]),
        ).toString()
      : format === "jsonp"
        ? `callback( ${JSON.stringify(members)} );\n`
        : JSON.stringify(members);
  return new Response(body, {
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
  });
}

/** An error: in JSONP, unless JSON was asked for. */
export function failure(url: URL, error: number, description: string): Response {
  return answerIn(wantsJson(url) ? "json" : "jsonp", { error, error_description: description });
}

/** Whether the request says `fmt=json`. */
export function wantsJson(url: URL): boolean {
  return url.searchParams.get("fmt") === "json";
}
