/** Anything that has headers: the web's, or Node's plain object with names in lower case. */
export type HeaderSource = Headers | Record<string, string | string[] | undefined>;

/** The part of a request that decisions are made on; `Request` and `IncomingMessage` both have it. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly headers: HeaderSource;
}

/**
 * One header, `null` when it is absent. Several values are joined with `, ` (RFC 9110 §5.3), cookies with `; `
 * (RFC 9113 §8.2.3). The name is given in lower case.
 */
export function header(source: HeaderSource, name: string): string | null {
  if (isHeaders(source)) return source.get(name);
  const value = Object.hasOwn(source, name) ? source[name] : otherSpelling(source, name);
  if (typeof value === "string") return value;
  if (value === undefined) return null;
  return value.join(name === "cookie" ? "; " : ", ");
}

/** By shape: frameworks bring `Headers` of their own, which are no instance of ours. */
function isHeaders(source: HeaderSource): source is Headers {
  return typeof source.get === "function";
}

/** Node writes names in lower case; an object made by hand may say `Cookie`. */
function otherSpelling(source: Record<string, string | string[] | undefined>, name: string) {
  for (const key of Object.keys(source)) {
    if (key.length === name.length && key.toLowerCase() === name) return source[key];
  }
  return undefined;
}
