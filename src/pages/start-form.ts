import { html } from "hono/html";
import { returnHref, startAction } from "./links.ts";
import type { Markup } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

/** The form that sends the browser to a provider. A form and not a link: only a press on the button starts a sign-in. */
export function startForm(
  context: PageContext,
  providerId: string,
  returnTo: string,
  button: Markup,
): Markup {
  return html`<form method="post" action="${startAction(context, providerId)}">
<input type="hidden" name="return_to" value="${returnHref(context, returnTo)}">
${button}
</form>`;
}
