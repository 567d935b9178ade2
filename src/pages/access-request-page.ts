import { html } from "hono/html";
import { formatDate, formatDateTime } from "../i18n/format.ts";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import type { Phrase } from "../i18n/phrase.ts";
import { LONGEST_NOTE } from "../model/access-request.ts";
import type { Standing } from "../requests/standing.ts";
import { type IconName, icon } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { requestAction, returnHref, signInHref, startAction } from "./links.ts";
import { clean, type Markup, say } from "./markup.ts";
import { reference } from "./notice.ts";
import type { PageContext } from "./page-context.ts";
import { startForm } from "./start-form.ts";

export interface AccessRequestView {
  readonly standing: Standing;
  /** Where they signed in. */
  readonly providerId: string;
  /** What the person is called there; `null` = it does not tell. */
  readonly handle: string | null;
  /** Names the proof that the form is about. */
  readonly nonce: string;
  /** Path, or address of a listed front end, where they wanted to be. */
  readonly returnTo: string;
  /** `K7Q2-9FMX`, `null` when nothing was recorded. */
  readonly reference: string | null;
}

/** The page for somebody who may ask to be let in, and for whoever has asked: how that stands, and what they can do. */
export function accessRequestPage(context: PageContext, view: AccessRequestView): string {
  const messages = messagesFor(context.locale);
  const { title, turn, body } = partOf(context, view, messages);
  const another = html`<a class="button" href="${signInHref(context, view.returnTo)}">${messages.error.useAnotherAccount}</a>`;
  const content = html`${brandMark(context, true)}
<p class="turn ${turn.tone}">${icon(turn.icon)}<span>${say(turn.text)}</span></p>
<h1>${say(title)}</h1>
${body}
<div class="actions after">${another}</div>
${view.reference === null ? null : html`<div class="help-box"><p class="reference">${reference(view.reference, messages)}</p></div>`}`;
  return layout(context, { title, shape: "card", content, help: true });
}

interface Part {
  readonly title: string | Phrase;
  readonly turn: { readonly tone: string; readonly icon: IconName; readonly text: string | Phrase };
  readonly body: Markup;
}

function partOf(context: PageContext, view: AccessRequestView, messages: Messages): Part {
  const { request, error } = messages;
  const { locale } = context;
  const app = context.brand.name[locale];
  const { standing } = view;
  const person = { tone: "person", icon: "person", text: error.turn.person() } as const;
  const administrator = { tone: "administrator", icon: "key", text: error.turn.administrator() } as const;
  if (standing.kind === "may-ask") {
    return { title: request.title(app), turn: person, body: askForm(context, view, messages) };
  }
  if (standing.kind === "pending") {
    const sentence = request.pendingSentence(formatDateTime(locale, standing.since));
    const body = html`<p class="lead">${say(sentence)}</p>${again(context, view, request.checkAgain)}`;
    return { title: request.pendingTitle, turn: administrator, body };
  }
  if (standing.kind === "approved") {
    const turn = { tone: "done", icon: "done", text: request.approvedTurn } as const;
    const body = html`<p class="lead">${request.approvedSentence}</p>${again(context, view, request.enter)}`;
    return { title: request.approvedTitle, turn, body };
  }
  return {
    title: request.declinedTitle,
    turn: administrator,
    body: declined(context, view, standing, messages),
  };
}

function askForm(context: PageContext, view: AccessRequestView, { request }: Messages): Markup {
  const app = context.brand.name[context.locale];
  return html`<p class="lead">${say(request.sentence(app, view.handle))}</p>
<form class="ask" method="post" action="${requestAction(context)}">
<input type="hidden" name="for" value="${view.nonce}">
<label for="note">${request.note}</label>
<textarea id="note" name="note" rows="4" maxlength="${LONGEST_NOTE}" aria-describedby="note-hint"></textarea>
<p class="meta" id="note-hint">${request.noteHint(LONGEST_NOTE)}</p>
<button class="button primary">${request.send}</button>
</form>`;
}

function declined(
  context: PageContext,
  view: AccessRequestView,
  standing: Extract<Standing, { kind: "declined" }>,
  { request }: Messages,
): Markup {
  const app = context.brand.name[context.locale];
  const date = formatDate(context.locale, standing.askAgainAt);
  return html`<p class="lead">${say(request.declinedSentence(app, view.handle))}</p>
${
  standing.reason === null
    ? null
    : html`<h2 class="caption">${request.reason}</h2><blockquote class="words">${paragraphs(standing.reason)}</blockquote>`
}
<p class="lead">${say(request.askAgain(date))}</p>`;
}

/** What somebody wrote, line by line; each line is isolated in its own direction. */
function paragraphs(text: string): Markup {
  const lines = text.split("\n").map((line) => clean(line, LONGEST_NOTE));
  return html`${lines.map((line) => html`<p dir="auto">${line}</p>`)}`;
}

/** A new sign-in at the same provider is the only way to find out. */
function again(context: PageContext, view: AccessRequestView, label: string): Markup {
  const button = html`<button class="button primary">${label}</button>`;
  return html`<div class="actions">${startForm(context, startAction(context, view.providerId), view.returnTo, button)}</div>`;
}

/** The page that somebody sees once, when they come in for the first time since their request was approved. */
export function approvedPage(context: PageContext, returnTo: string): string {
  const { request } = messagesFor(context.locale);
  const app = context.brand.name[context.locale];
  const content = html`${brandMark(context, true)}
<p class="turn done">${icon("done")}<span>${request.approvedTurn}</span></p>
<h1>${say(request.welcomeTitle(app))}</h1>
<p class="lead">${request.welcomeSentence}</p>
<div class="actions"><a class="button primary" href="${returnHref(context, returnTo)}">${request.goOn}</a></div>`;
  return layout(context, { title: request.welcomeTitle(app), shape: "card", content, help: true });
}
