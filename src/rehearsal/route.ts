import type { Handler } from "./context.ts";
import type { Endpoint } from "./endpoints.ts";
import { percentDecode } from "./percent-decode.ts";

/** One thing that the rehearsal provider answers. */
export interface Route {
  /** `null` = no part of a provider: neither counted nor made to misbehave. */
  readonly endpoint: Endpoint | null;
  readonly methods: readonly string[];
  /** `{}` stands for one segment, whatever it is: `/realms/{}/protocol/openid-connect/token`. */
  readonly path: string;
  readonly handle: Handler;
}

/** A row of the table: `door("envelope.token", "POST", "/envelope/token", handle)`; several methods with a space between. */
export function door(endpoint: Endpoint | null, methods: string, path: string, handle: Handler): Route {
  return { endpoint, methods: methods.split(" "), path, handle };
}

/** What stands in the places of `{}` when the path fits, decoded; `null` when it does not. */
export function matchPath(pattern: string, path: string): readonly string[] | null {
  if (!pattern.includes("{}")) return pattern === path ? [] : null;
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const segments: string[] = [];
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? "";
    if (part === "{}" && segment !== "") segments.push(percentDecode(segment));
    else if (part !== segment) return null;
  }
  return segments;
}
