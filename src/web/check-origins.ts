import type { Log } from "../model/log.ts";
import type { Report } from "../model/rule-vocabulary.ts";
import { isLoopback } from "./loopback.ts";
import { isProbablySameSite } from "./same-site.ts";

/** The origins of the option `allowedOrigins`, each exactly as browsers write it; what is none is reported with the way to write it. */
export function checkOrigins(value: unknown, publicUrl: URL, report: Report): readonly string[] {
  if (value !== undefined && !Array.isArray(value)) {
    report("allowedOrigins", "is not a list", 'Write allowedOrigins: ["https://app.example.com"].');
    return [];
  }
  const listed: readonly unknown[] = value ?? [];
  return listed.flatMap((origin, index) => {
    const wrong = whyNoOrigin(origin);
    if (wrong !== null || typeof origin !== "string") {
      report(`allowedOrigins[${index}]`, ...(wrong ?? NO_TEXT));
      return [];
    }
    // Our own is allowed anyway, and as a front end it would be led to doors that a path may not name.
    return origin === publicUrl.origin ? [] : [origin];
  });
}

/** Warns of front ends on another site than `publicUrl`: from there the browser keeps the session cookie to itself. */
export function warnOfOtherSites({
  allowedOrigins,
  publicUrl,
  log,
}: {
  readonly allowedOrigins: readonly string[];
  readonly publicUrl: URL;
  readonly log: Pick<Log, "warn">;
}): void {
  for (const origin of allowedOrigins) {
    if (isProbablySameSite(new URL(origin), publicUrl)) continue;
    log.warn(
      { allowedOrigin: origin, publicUrl: publicUrl.origin },
      "allowedOrigins: to a browser these two are different sites, and from one to the other it sends no session cookie. " +
        "Put both under one domain (app.example.com and admin.example.com, both https), or " +
        "let the server of the front end pass the paths of the back office on.",
    );
  }
}

type Wrong = readonly [message: string, fix: string];

const NO_TEXT: Wrong = ["is not a text", 'Write an origin, such as "https://app.example.com".'];

/** What is wrong with an origin, and how to write it; `null` = it is one. */
function whyNoOrigin(origin: unknown): Wrong | null {
  if (typeof origin !== "string") return NO_TEXT;
  if (origin.includes("*")) {
    return [
      `"${origin}" is a wildcard: whoever gets a page under it could act as your staff`,
      'List each front end: "https://app.example.com".',
    ];
  }
  if (origin === "null") {
    return [
      '"null" is what every sandboxed frame and every local file says it is',
      'Serve the front end from an address and list that: "https://app.example.com".',
    ];
  }
  const url = URL.parse(origin.includes("://") ? origin : `https://${origin}`);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return [`"${origin}" is not an https origin`, 'Write scheme, host and port: "https://app.example.com".'];
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return [
      `"${origin}" is http on a host that is not this machine; whoever is on the way could write its script`,
      `Use "https://${url.host}".`,
    ];
  }
  if (url.origin === origin) return null;
  return [
    `"${origin}" is not an https origin as browsers write it`,
    `Scheme, host and port only, in small letters, without a slash at the end: "${url.origin}".`,
  ];
}
