import { html } from "hono/html";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import { icon, providerMark } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { startAction } from "./links.ts";
import { type Markup, say, shown } from "./markup.ts";
import { type Notice, noticeBox } from "./notice.ts";
import type { PageContext } from "./page-context.ts";
import { startForm } from "./start-form.ts";

/** A way to sign in, as its button shows it. */
export interface ProviderChoice {
  /** Instance id, as it stands in the path. */
  readonly id: string;
  /** In the language of the page. */
  readonly name: string;
  /** SVG path data on a 24 × 24 grid; empty for none. */
  readonly mark: string;
  /** Whether this browser signed in with it last. */
  readonly lastUsed: boolean;
  /** Whether it failed lately; the button still works. */
  readonly troubled: boolean;
}

export interface SignInView {
  /** In the order of their buttons. */
  readonly providers: readonly ProviderChoice[];
  readonly returnTo: {
    readonly path: string;
    /** What people call that place, `null` when it has no name. */
    readonly label: string | null;
  };
  readonly notice: Notice | null;
  /** Tells administrators how to find out what the set-up lacks; shown anyway when there is no provider. */
  readonly setupHint: boolean;
}

/** More buttons than this fold behind "More ways to sign in". */
const SHOWN_AT_ONCE = 4;
const SETUP_COMMAND = "npx postern providers check";

/** The page with one button per provider. */
export function signInPage(context: PageContext, view: SignInView): string {
  const messages = messagesFor(context.locale);
  const content = html`${noticeBox(view.notice, messages)}
${brandMark(context, false)}
<h1>${say(messages.signIn.title(context.brand.name[context.locale]))}</h1>
${view.providers.length === 0 ? html`<p class="lead">${messages.signIn.noProvider}</p>` : ways(context, view, messages)}
${view.setupHint || view.providers.length === 0 ? setup(messages) : null}`;
  return layout(context, { title: messages.signIn.documentTitle, shape: "card", content, help: true });
}

function ways(context: PageContext, view: SignInView, messages: Messages): Markup {
  const { providers } = view;
  const { label } = view.returnTo;
  const only = providers.length === 1;
  const way = (choice: ProviderChoice, index: number) =>
    html`<li>${providerForm(context, view.returnTo.path, choice, { index, only, messages })}</li>`;
  const folded = providers.slice(SHOWN_AT_ONCE);
  return html`${label === null ? null : html`<p class="lead">${say(messages.signIn.returnTo(label), strong)}</p>`}
<ul class="ways">${providers.slice(0, SHOWN_AT_ONCE).map(way)}</ul>
${
  folded.length === 0
    ? null
    : html`<details class="more" ${folded.some(({ lastUsed }) => lastUsed) ? "open" : ""}>
<summary>${icon("chevron")}${messages.signIn.moreWays}</summary>
<ul class="ways">${folded.map((choice, index) => way(choice, index + SHOWN_AT_ONCE))}</ul>
</details>`
}`;
}

function providerForm(
  context: PageContext,
  returnTo: string,
  choice: ProviderChoice,
  { index, only, messages }: { index: number; only: boolean; messages: Messages },
): Markup {
  const note = `trouble-${index}`;
  const button = html`<button class="button way ${only ? "primary" : ""}" ${choice.troubled ? html`aria-describedby="${note}"` : null}>
${providerMark(choice.mark)}
<span class="label">${say(messages.signIn.continueWith(choice.name))}</span>
${choice.lastUsed && !only ? html`<span class="last-used">${messages.signIn.lastUsed}</span>` : null}
</button>
${choice.troubled ? html`<p class="trouble" id="${note}">${icon("warning")}<span>${say(messages.signIn.troubled(choice.name))}</span></p>` : null}`;
  return startForm(context, startAction(context, choice.id), returnTo, button);
}

function setup(messages: Messages): Markup {
  return html`<p class="setup">${say(messages.signIn.setUp(SETUP_COMMAND), (command) => html`<code>${command}</code>`)}</p>`;
}

function strong(value: string): Markup {
  return html`<strong>${shown(value)}</strong>`;
}
