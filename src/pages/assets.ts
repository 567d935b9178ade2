import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const body = readFileSync(new URL("./styles.css", import.meta.url), "utf8");
const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
const name = `pages.${hash}.css`;

/** The one style sheet of the pages, read once at start; its name holds its hash, so it may be cached for ever. */
export const stylesheet = {
  /** `pages.<hash>.css`, for the route that serves it under `{mountPath}/assets/`. */
  name,
  body,
  contentType: "text/css; charset=utf-8",
  path: (mountPath: string): string => `${mountPath}/assets/${name}`,
} as const;
