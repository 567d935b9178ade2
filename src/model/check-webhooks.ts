import { sha256 } from "../crypto/hash.ts";
import { webhookKey } from "../crypto/webhook-signature.ts";
import { nearest } from "../web/nearest.ts";
import { checkNames } from "./check-names.ts";
import type { Report } from "./rule-vocabulary.ts";
import { WEBHOOK_EVENTS, type WebhookEndpoint, type WebhookEvent, type WebhookOptions } from "./webhook.ts";

const NAMES = ["url", "secret", "events"] as const satisfies readonly (keyof WebhookOptions)[];
const SECRET_FIX =
  "Generate one with: node -p \"'whsec_' + require('node:crypto').randomBytes(32).toString('base64')\" and give it to the receiver too.";

/** Reads the option `webhook`: one endpoint or several. Neither addresses nor secrets get into a message. */
export function checkWebhooks(value: unknown, report: Report): readonly WebhookEndpoint[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value : [value];
  const endpoints = list.flatMap((one: unknown, index) =>
    checkWebhook(one, list === value ? `webhook[${index}]` : "webhook", report),
  );
  endpoints.forEach(({ id }, index) => {
    if (endpoints.findIndex((other) => other.id === id) === index) return;
    report(`webhook[${index}].url`, "is there twice", "Put the events of both into one entry.");
  });
  return endpoints;
}

function checkWebhook(value: unknown, path: string, report: Report): readonly WebhookEndpoint[] {
  if (typeof value !== "object" || value === null) {
    report(
      path,
      "is not an object",
      'Write it as { url: "https://hooks.example.com/postern", secret: process.env.WEBHOOK_SECRET }.',
    );
    return [];
  }
  checkNames(value, NAMES, `${path}.`, report);
  const { url, secret, events } = value as Record<string, unknown>;
  const address = checkUrl(url, `${path}.url`, report);
  const endpoint = {
    secrets: checkSecrets(secret, `${path}.secret`, report),
    events: checkEvents(events, `${path}.events`, report),
  };
  return address === null
    ? []
    : [{ ...endpoint, url: address, id: `whe_${sha256(address.href).slice(0, 16)}` }];
}

function checkUrl(value: unknown, path: string, report: Report): URL | null {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    report(path, "is not an address", 'Write it in full: "https://hooks.example.com/postern".');
    return null;
  }
  if (url.username !== "" || url.password !== "") {
    report(path, "holds a user or a password", "Leave it out: the signature tells who sends.");
    return null;
  }
  if (url.hash !== "") report(path, "holds a fragment, which is never sent", "Leave out what follows the #.");
  if (url.protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) {
    report(
      path,
      "is http on a host that is not this machine; names and notes could be read on the way",
      "Use https.",
    );
    return null;
  }
  return url;
}

function checkSecrets(value: unknown, path: string, report: Report): readonly string[] {
  const secrets = (Array.isArray(value) ? value : [value]).map((one: unknown) =>
    typeof one === "string" ? one.trim() : "",
  );
  if (secrets.length === 0 || secrets.every((one) => one === "")) {
    report(path, "is missing (is its environment variable set?)", SECRET_FIX);
    return [];
  }
  secrets.forEach((one, index) => {
    const place = Array.isArray(value) ? `${path}[${index}]` : path;
    const key = webhookKey(one);
    if (key === null) report(place, "begins with whsec_ but is not base64 after that", SECRET_FIX);
    else if (key.byteLength < 32) report(place, "is shorter than 32 bytes", SECRET_FIX);
  });
  return secrets;
}

function checkEvents(value: unknown, path: string, report: Report): readonly WebhookEvent[] {
  if (value === undefined) return WEBHOOK_EVENTS;
  const known: readonly string[] = WEBHOOK_EVENTS;
  if (!Array.isArray(value) || value.length === 0) {
    report(path, "is not a list of events", `Leave it out for all, or choose from: ${known.join(", ")}.`);
    return [];
  }
  value.forEach((event: unknown, index) => {
    if (typeof event === "string" && known.includes(event)) return;
    const guess = nearest(String(event), known);
    report(
      `${path}[${index}]`,
      `"${String(event)}" is not an event`,
      guess === null ? `Known are: ${known.join(", ")}.` : `Did you mean "${guess}"?`,
    );
  });
  return WEBHOOK_EVENTS.filter((event) => value.includes(event));
}
