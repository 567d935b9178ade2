/** The token in an Authorization header, `null` without one. GitHub takes the scheme `token` too. */
export function bearerToken(headers: Headers): string | null {
  return /^(?:bearer|token) +([^\s]+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}
