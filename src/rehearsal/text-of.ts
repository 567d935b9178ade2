/** A member of a JSON body that should be text; `null` for anything else. */
export function textOf(body: unknown, member: string): string | null {
  if (typeof body !== "object" || body === null) return null;
  const value: unknown = Object.getOwnPropertyDescriptor(body, member)?.value;
  return typeof value === "string" ? value : null;
}
