/** The first parameter that is given more than once, which OAuth forbids (RFC 6749 §3.1); `null` when none is. */
export function doubledParameter(parameters: URLSearchParams): string | null {
  const seen = new Set<string>();
  for (const name of parameters.keys()) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
