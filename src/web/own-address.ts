/**
 * The address on our own origin that a request is for, which may be told by a path or by a whole address: its path and
 * query, and nothing of what stands before them, neither host nor credentials. `null` = it names none.
 */
export function ownAddress(url: string | undefined, { origin }: URL): URL | null {
  // What stands behind two slashes is part of the path here, and not the host that `URL` would take it for.
  const whole = url?.startsWith("/") ? origin + url : url;
  const parsed = whole === undefined ? null : URL.parse(whole);
  // The path of `data:x` would become part of the host.
  return parsed?.pathname.startsWith("/") ? URL.parse(origin + parsed.pathname + parsed.search) : null;
}
