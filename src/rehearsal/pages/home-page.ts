import { html } from "hono/html";
import type { Handler } from "../context.ts";
import { LOOK_ALIKES } from "../endpoints.ts";
import { MECHANISMS } from "../mechanisms.ts";
import { page } from "./page.ts";
import { WORDS } from "./words.ts";

/** `GET /`: where to point an application, for whoever opens the address in a browser. */
export const homePage: Handler = ({ issuer, clients }, { locale }) => {
  const words = WORDS[locale];
  return page({
    status: 200,
    locale,
    title: words.homeTitle,
    body: html`<p>${clients.restricted ? words.homeRestrictedText : words.homeText}</p>
<dl>
<dt>${words.openid}</dt><dd>${issuer}</dd>
</dl>
<p>${words.lookAlikes}</p>
<dl>
${LOOK_ALIKES.map((name) => {
  const { mount, about } = MECHANISMS[name];
  return html`<dt>${about[locale]}</dt><dd>${issuer}${mount}</dd>
`;
})}</dl>`,
  });
};
