import { html } from "hono/html";
import { returnHref } from "./links.ts";
import type { Markup } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

/**
 * The form that sends the browser to a provider, by the door `action`. A form and not a link: only a press on the button
 * starts anything.
 */
export function startForm(
  context: Pick<PageContext, "allowedOrigins">,
  action: string,
  returnTo: string,
  button: Markup,
): Markup {
  return html`<form method="post" action="${action}">
<input type="hidden" name="return_to" value="${returnHref(context, returnTo)}">
${button}
</form>`;
}
