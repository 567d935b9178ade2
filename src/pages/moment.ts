import { html } from "hono/html";
import { formatDateTime, formatMoment, machineTime } from "../i18n/format.ts";
import type { Locale } from "../i18n/locale.ts";
import type { Markup } from "./markup.ts";

/** A point in time, milliseconds since the epoch: relative when recent, in full on hover and for machines. */
export function moment(locale: Locale, at: number, now: number): Markup {
  return html`<time datetime="${machineTime(at)}" title="${formatDateTime(locale, at)}">${formatMoment(locale, at, now)}</time>`;
}
