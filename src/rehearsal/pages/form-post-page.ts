import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { Locale } from "../../i18n/locale.ts";
import { page } from "./page.ts";
import { formAction } from "./picker-page.ts";
import { WORDS } from "./words.ts";

export interface FormPost {
  readonly locale: Locale;
  /** The address of the client. */
  readonly action: string;
  readonly fields: URLSearchParams;
}

const SUBMIT = "document.forms[0].submit()";
const SUBMIT_HASH = `'sha256-${createHash("sha256").update(SUBMIT).digest("base64")}'`;

/** OAuth 2.0 Form Post Response Mode §2: a form that posts itself, with a button for browsers without scripts. */
export function formPostPage({ locale, action, fields }: FormPost): Promise<Response> {
  const words = WORDS[locale];
  const { origin } = new URL(action);
  const inputs = [...fields].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">
`,
  );
  return page({
    status: 200,
    locale,
    title: words.formPostTitle,
    formAction: formAction(origin),
    scriptSource: SUBMIT_HASH,
    body: html`<p>${words.returningTo} <b>${origin}</b></p>
<form method="post" action="${action}">
${inputs}<button>${words.goOn}</button>
</form>
${raw(`<script>${SUBMIT}</script>`)}`,
  });
}
