import { html } from "hono/html";
import { messages as messagesFor } from "../i18n/messages.ts";
import { icon } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { returnHref } from "./links.ts";
import { say } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

/** The page between a sign-in and a front end on another origin. It goes on by itself; the button is for browsers that do not. */
export function handOverPage(context: PageContext, frontEnd: string): string {
  const goesTo = returnHref(context, frontEnd);
  const { title, sentence } = messagesFor(context.locale).handOver;
  const { goOn } = messagesFor(context.locale).request;
  const content = html`${brandMark(context, true)}
<p class="turn done">${icon("done")}<span>${say(sentence(new URL(frontEnd).host))}</span></p>
<h1>${title}</h1>
<div class="actions"><a class="button primary" href="${goesTo}">${goOn}</a></div>`;
  return layout(context, { title, shape: "card", content, help: true, goesTo });
}
