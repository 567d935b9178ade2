import { type Check, problem } from "./problems.ts";

/** Finds the address of the discovery document where that of the place belongs. */
export function checkNotDiscovery(path: string, value: unknown): Check {
  return () =>
    typeof value === "string" && value.includes("/.well-known/")
      ? [problem(path, "is the address of the discovery document", 'Leave out "/.well-known/…".')]
      : [];
}
