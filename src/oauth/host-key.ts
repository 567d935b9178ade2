/** A URL's host with its port always written out, as lists of named hosts keep it: `sso.example.com:443`. */
export function hostKey(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}`;
}

/** Whether the operator wrote this host down, with this port or with none. */
export function isNamed(url: URL, named: ReadonlySet<string>): boolean {
  return named.has(hostKey(url)) || named.has(url.hostname);
}
