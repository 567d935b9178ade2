import { readFileSync } from "node:fs";
import { sha256 } from "../crypto/hash.ts";

const body = readFileSync(new URL("../pages/styles.css", import.meta.url), "utf8");
const hash = sha256(body).slice(0, 16);
const name = `pages.${hash}.css`;

/** The one style sheet of the pages, read once at start; its name holds its hash, so it may be cached for ever. */
export const stylesheet = {
  /** `pages.<hash>.css`, for the route that serves it under `{mountPath}/assets/`. */
  name,
  body,
  contentType: "text/css; charset=utf-8",
  path: (mountPath: string): string => `${mountPath}/assets/${name}`,
} as const;
