import { html, raw } from "hono/html";
import type { Locale } from "../../i18n/locale.ts";
import { STYLE, STYLE_HASH } from "./style.ts";
import { WORDS } from "./words.ts";

/** A piece of escaped HTML. */
export type Markup = ReturnType<typeof html>;

export interface PageParts {
  readonly status: number;
  readonly locale: Locale;
  readonly title: string;
  readonly body: Markup;
  /** Where the form of the page may lead, redirects included. */
  readonly formAction?: string;
  /** The hash of the one script of the page. Default: there is none. */
  readonly scriptSource?: string;
}

/** A whole page, marked as a rehearsal, that no cache keeps and no other site frames. */
export async function page({
  status,
  locale,
  title,
  body,
  formAction = "'none'",
  scriptSource,
}: PageParts): Promise<Response> {
  const words = WORDS[locale];
  const scripts = scriptSource === undefined ? "" : `script-src ${scriptSource}; `;
  const markup = await html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${words.banner}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><strong>${words.banner}</strong> · ${words.purpose}</header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return new Response(String(markup), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-language": locale,
      vary: "accept-language",
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src ${STYLE_HASH}; ${scripts}form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });
}
