import { html } from "hono/html";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import type { Phrase } from "../i18n/phrase.ts";
import { monogram } from "./initials.ts";
import { supportHref } from "./links.ts";
import { asText, clean, type Markup, sayPlain, shown } from "./markup.ts";
import type { PageContext } from "./page-context.ts";
import { preferencesForm } from "./preferences.ts";

interface Page {
  /** For the browser's tab; the application's name is added. */
  readonly title: string | Phrase;
  /** `card` = one narrow column above the middle, `wide` = a column for reading. */
  readonly shape: "card" | "wide";
  /** Stands above the content, in wide pages only. */
  readonly header?: Markup;
  readonly content: Markup;
  /** Whether the quiet row offers help; pages that name the support themselves do not. */
  readonly help: boolean;
  /** An address that the browser goes on to at once, without a script. In the page, where no proxy's limit on headers counts. */
  readonly goesTo?: string | undefined;
}

const COLOR_SCHEMES = { system: "light dark", light: "light", dark: "dark" } as const;

/** A door on a blue square, in the address itself: it costs no request and asks the application for nothing. */
const FAVICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect width='24' height='24' rx='6' fill='%231f5fd6'/%3E%3Cpath d='M7.5 19V9a4.5 4.5 0 0 1 9 0v10Z' fill='%23fff'/%3E%3C/svg%3E";

/** The frame around every page: a whole document that needs one style sheet and no script. */
export function layout(context: PageContext, page: Page): string {
  const messages = messagesFor(context.locale);
  const { locale, theme, stylesheet } = context;
  return asText(html`<!doctype html>
<html lang="${locale}" data-theme="${theme}">
<head>
<meta charset="utf-8">
<title>${sayPlain(page.title)} · ${clean(context.brand.name[locale])}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${COLOR_SCHEMES[theme]}">
<meta name="robots" content="noindex">
${page.goesTo === undefined ? null : html`<meta http-equiv="refresh" content="0; url=${page.goesTo}">`}
<link rel="icon" href="${FAVICON}">
<link rel="stylesheet" href="${stylesheet}">
</head>
<body class="${page.shape}">
${page.header ?? null}
<main>
${page.content}
</main>
<footer>
${page.help ? helpLink(context, messages) : null}
${preferencesForm(context, messages)}
</footer>
</body>
</html>
`);
}

/** The application's monogram, with its name where the heading does not say it. */
export function brandMark(context: PageContext, withName: boolean): Markup {
  const name = context.brand.name[context.locale];
  return html`<span class="brand"><span class="monogram" aria-hidden="true">${monogram(name)}</span>${withName ? shown(name) : null}</span>`;
}

function helpLink({ brand, locale }: PageContext, messages: Messages): Markup | null {
  const href = brand.support === null ? null : supportHref(brand.support, brand.name[locale]);
  return href === null ? null : html`<a class="help" href="${href}">${messages.help}</a>`;
}
