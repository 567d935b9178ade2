import { html } from "hono/html";
import type { Language } from "../language.ts";
import { page } from "./page.ts";
import { WORDS } from "./words.ts";

/** A page that only says something; `reason` is for the developer, in English. */
export function messagePage(
  status: number,
  language: Language,
  message: "signedOut" | "badRequest",
  reason: string | null,
): Promise<Response> {
  const words = WORDS[language];
  return page({
    status,
    language,
    title: words[`${message}Title`],
    body: html`<p>${words[`${message}Text`]}</p>${reason === null ? "" : html`<p lang="en">${reason}</p>`}`,
  });
}
