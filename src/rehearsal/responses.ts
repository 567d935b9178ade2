/** JSON that no cache keeps, as token answers must be (RFC 6749 §5.1). */
export function json(
  body: unknown,
  init: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(JSON.stringify(body), {
    status: init.status ?? 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      ...init.headers,
    },
  });
}

/** An OAuth error in a JSON body (RFC 6749 §5.2). */
export function oauthError(
  status: number,
  error: string,
  description: string,
  headers?: Record<string, string>,
): Response {
  return json({ error, error_description: description }, { status, ...(headers && { headers }) });
}

/** See Other: the browser comes with GET, whatever it came with here. */
export function seeOther(location: URL | string): Response {
  return new Response(null, {
    status: 303,
    headers: { location: String(location), "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}

/** Plain text, for those who ask wrongly. */
export function text(status: number, message: string, headers?: Record<string, string>): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}
