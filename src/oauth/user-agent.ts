import { readFileSync } from "node:fs";

/** What Postern calls itself to providers; some refuse callers without a name. */
export const USER_AGENT = `postern/${packageVersion()}`;

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const version = (manifest as { readonly version?: unknown }).version;
  return typeof version === "string" ? version : "0";
}
