import { html } from "hono/html";
import type { Locale } from "../../i18n/locale.ts";
import { page } from "./page.ts";
import { WORDS } from "./words.ts";

/** A page that only says something; `reason` is for the developer, in English. */
export function messagePage(
  status: number,
  locale: Locale,
  message: "signedOut" | "badRequest" | "closed",
  reason: string | null,
): Promise<Response> {
  const words = WORDS[locale];
  return page({
    status,
    locale,
    title: words[`${message}Title`],
    body: html`<p>${words[`${message}Text`]}</p>${reason === null ? "" : html`<p lang="en">${reason}</p>`}`,
  });
}
