import { html } from "hono/html";
import type { Messages } from "../i18n/messages.ts";
import type { Phrase } from "../i18n/phrase.ts";
import { icon } from "./icons.ts";
import { type Markup, say, shown } from "./markup.ts";

/** Something to tell above the page: what just went wrong (`error`), or what just happened (`info`). */
export interface Notice {
  readonly kind: "info" | "error";
  readonly text: string | Phrase;
  /** `K7Q2-9FMX`, `null` when there is none. */
  readonly reference: string | null;
}

const MAX_TEXT = 400;
const MAX_REFERENCE = 20;

/** The notice as a live region. An error takes the focus when the page opens, so that it is read out first. */
export function noticeBox(notice: Notice | null, messages: Messages): Markup | null {
  if (notice === null) return null;
  const content = html`<div>
<p>${typeof notice.text === "string" ? shown(notice.text, MAX_TEXT) : say(notice.text)}</p>
${notice.reference === null ? null : html`<p class="meta">${reference(notice.reference, messages)}</p>`}
</div>`;
  return notice.kind === "error"
    ? html`<div class="notice error" role="alert" tabindex="-1" autofocus>${icon("warning")}${content}</div>`
    : html`<div class="notice info" role="status" tabindex="-1">${icon("info")}${content}</div>`;
}

/** `Reference K7Q2-9FMX`: only the code is monospaced, Chinese labels have no glyphs in many such fonts. */
export function reference(code: string, messages: Messages): Markup {
  return html`${messages.reference} <code>${shown(code, MAX_REFERENCE)}</code>`;
}
