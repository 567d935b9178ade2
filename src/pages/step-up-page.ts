import { html } from "hono/html";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import { icon, providerMark } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { stepUpAction } from "./links.ts";
import { type Markup, say, shown } from "./markup.ts";
import type { PageContext } from "./page-context.ts";
import { startForm } from "./start-form.ts";

/** An account with which somebody can confirm that it is them. */
export interface StepUpWay {
  /** Instance id of the provider. */
  readonly providerId: string;
  /** In the language of the page. */
  readonly provider: string;
  /** SVG path data on a 24 × 24 grid; empty for none. */
  readonly mark: string;
  /** What the person is called there; several when they have several accounts there. */
  readonly handles: readonly string[];
}

export interface StepUpView {
  /** One for each provider at which they have an account and that is set up. */
  readonly ways: readonly StepUpWay[];
  /** Local path where they come back to. */
  readonly returnTo: string;
}

/** The page on which somebody who is signed in confirms that it is them, with a button for each provider of theirs. */
export function stepUpPage(context: PageContext, view: StepUpView): string {
  const messages = messagesFor(context.locale);
  const { stepUp } = messages;
  const app = context.brand.name[context.locale];
  const content = html`${brandMark(context, true)}
<p class="turn person">${icon("person")}<span>${say(messages.error.turn.person())}</span></p>
<h1>${stepUp.title}</h1>
<p class="lead">${view.ways.length === 0 ? stepUp.noWay : say(stepUp.sentence(app))}</p>
<ul class="ways">${view.ways.map((way) => html`<li>${wayForm(context, view, way, messages)}</li>`)}</ul>
<div class="actions after"><a class="button" href="/">${stepUp.notNow}</a></div>`;
  return layout(context, { title: stepUp.title, shape: "card", content, help: true });
}

function wayForm(
  context: PageContext,
  { ways, returnTo }: StepUpView,
  way: StepUpWay,
  messages: Messages,
): Markup {
  const only = ways.length === 1;
  const button = html`<button class="button way ${only ? "primary" : ""}">
${providerMark(way.mark)}
<span class="label">${say(messages.signIn.continueWith(way.provider))}${way.handles.map((handle) => html` <span class="handle">${shown(handle)}</span>`)}</span>
</button>`;
  return startForm(context, stepUpAction(context, way.providerId), returnTo, button);
}
