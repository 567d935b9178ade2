import { header, type RequestHead } from "./headers.ts";

/**
 * Whether a person is looking at a page that this request will fill, so that a redirect to the sign-in page helps;
 * to everything else a redirect is a riddle. By Fetch Metadata, and by `Accept` where a browser sends none.
 */
export function isPageNavigation({ method, headers }: RequestHead): boolean {
  const mode = header(headers, "sec-fetch-mode");
  // Browsers never send the mode without the site; the `fetch` of Node does, whatever it fetches.
  if (mode !== null && (mode === "navigate" || header(headers, "sec-fetch-site") !== null)) {
    return mode === "navigate" && (header(headers, "sec-fetch-dest") ?? "document") === "document";
  }
  if (method !== "GET" && method !== "HEAD") return false;
  if (header(headers, "x-requested-with")?.toLowerCase() === "xmlhttprequest") return false;
  return header(headers, "accept")?.toLowerCase().includes("text/html") ?? false;
}

/** Whether a browser asks for a page, by the Fetch Metadata that every one of them sends. */
export function isBrowserNavigation(request: RequestHead): boolean {
  return header(request.headers, "sec-fetch-site") !== null && isPageNavigation(request);
}
