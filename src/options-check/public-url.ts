import type { Report } from "../model/rule-vocabulary.ts";
import { isLoopback } from "../web/loopback.ts";

/** Reports what is wrong with `publicUrl`; answers its origin. */
export function checkPublicUrl(value: unknown, report: Report): URL {
  const fallback = new URL("http://localhost");
  if (typeof value !== "string" || value === "") {
    report(
      "publicUrl",
      "is missing",
      'Set the address people type into their browser, such as "https://admin.example.com" (or POSTERN_PUBLIC_URL).',
    );
    return fallback;
  }
  const url = URL.parse(value);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    report(
      "publicUrl",
      `"${value}" is not an http or https address`,
      `Write it in full: "${inFull(value)}".`,
    );
    return fallback;
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    report("publicUrl", "holds a user, a query or a fragment", `Use "${url.origin}".`);
  }
  if (url.pathname !== "/") {
    report(
      "publicUrl",
      `has the path "${url.pathname}"`,
      `Use "${url.origin}"; the path of the doors is mountPath.`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    report(
      "publicUrl",
      "is http on a host that is not this machine; its cookies could be read on the way",
      `Use "https://${url.host}".`,
    );
  }
  return new URL(url.origin);
}

/** The address that somebody who left out the scheme probably meant. */
function inFull(value: string): string {
  for (const scheme of ["https", "http"]) {
    const url = URL.parse(`${scheme}://${value}`);
    if (url !== null && (scheme === "http") === isLoopback(url.hostname) && !value.includes("/")) {
      return url.origin;
    }
  }
  return "https://admin.example.com";
}
