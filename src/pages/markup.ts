import { html } from "hono/html";
import type { Phrase } from "../i18n/phrase.ts";

/** A piece of HTML: what Hono's `html` tag answers. Everything put into that tag is escaped, except another piece. */
export type Markup = ReturnType<typeof html>;

/** Text from outside longer than this is cut, so that nobody's name fills somebody else's screen. */
const MAX_SHOWN = 80;

/** Text from outside as it may stand in a page: escaped, isolated in its own direction, cut to `max` characters. */
export function shown(text: string, max: number = MAX_SHOWN): Markup {
  return html`<bdi>${clean(text, max)}</bdi>`;
}

/** A message in a page. Each value of a phrase is isolated in a `<bdi>` unless `wrap` says how it is to stand. */
export function say(
  message: string | Phrase,
  wrap: (value: string) => Markup = (value) => shown(value),
): Markup {
  if (typeof message === "string") return html`${message}`;
  return html`${message.texts.map((text, index) => {
    const value = message.values[index - 1];
    return value === undefined ? text : [wrap(value), text];
  })}`;
}

/** A message where no markup can stand, such as `<title>`. */
export function sayPlain(message: string | Phrase): string {
  if (typeof message === "string") return message;
  return message.texts.reduce((text, next, index) => text + clean(message.values[index - 1] ?? "") + next);
}

/**
 * Cuts to `max` characters and takes out what cannot be seen but does something: control characters, and the
 * direction marks (Unicode TR 9) with which a name could turn the text around it. Half a surrogate pair becomes U+FFFD.
 */
export function clean(text: string, max: number = MAX_SHOWN): string {
  const visible = text
    .slice(0, max * 8)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "")
    .toWellFormed()
    .trim();
  const characters = [...visible];
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : visible;
}

/** The finished text. @throws Error when a piece was asynchronous, which no page of ours is. */
export function asText(markup: Markup): string {
  if (markup instanceof Promise) throw new Error("A page holds asynchronous markup.");
  return markup.toString();
}
