import { html } from "hono/html";
import { ERRORS, type ErrorCode, type Turn } from "../errors.ts";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import type { LoginPurpose } from "../model/login-transaction.ts";
import { type ErrorAction, errorAction, supportAddress, waysHref } from "./error-action.ts";
import { type IconName, icon } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { signInHref } from "./links.ts";
import { clean, type Markup, say, shown } from "./markup.ts";
import { reference } from "./notice.ts";
import type { PageContext } from "./page-context.ts";

export interface ErrorView {
  readonly code: ErrorCode;
  /** What had been begun at a provider; absent = nothing had. */
  readonly purpose?: LoginPurpose;
  /** `K7Q2-9FMX`, `null` when nothing was recorded. */
  readonly reference: string | null;
  /** Where the sign-in was under way, its name in the language of the page; `null` when none is known. */
  readonly provider: { readonly id: string; readonly name: string } | null;
  /** What the person is called at the provider. */
  readonly handle: string | null;
  /** Path, or address of a listed front end, where they wanted to be. */
  readonly returnTo: string;
  readonly retryAfterMinutes: number | null;
  /** For the administrator; never secrets, codes or tokens. */
  readonly technical: Readonly<Record<string, string>> | null;
  /** Shows the technical details unfolded. */
  readonly development: boolean;
}

const TURN_ICONS: Readonly<Record<Turn, IconName>> = {
  person: "person",
  administrator: "key",
  provider: "cloud",
  us: "gear",
  nobody: "clock",
};

const MAX_DETAIL = 500;

/** The page for everything that went wrong: what happened, whose turn it is, one button, and what to send to whom. */
export function errorPage(context: PageContext, view: ErrorView): string {
  const messages = messagesFor(context.locale);
  const { turn } = ERRORS[view.code];
  const provider = view.provider?.name ?? null;
  const text = messages.error.codes[view.code]({
    app: context.brand.name[context.locale],
    provider,
    handle: view.handle,
    minutes: view.retryAfterMinutes,
  });
  const action = errorAction(context, messages, {
    code: view.code,
    purpose: view.purpose ?? "login",
    label: text.action,
    providerId: view.provider?.id ?? null,
    returnTo: view.returnTo,
    reference: view.reference,
  });
  const content = html`${brandMark(context, true)}
<p class="turn ${turn}">${icon(TURN_ICONS[turn])}<span>${say(messages.error.turn[turn](provider))}</span></p>
<h1>${say(text.title)}</h1>
<p class="lead">${say(text.sentence)}</p>
${stillSignedIn(context, view, messages)}
<div class="actions">
${action.button}
${alternative(context, view, action, messages)}
</div>
${help(context, view, action, messages)}
${technicalDetails(view, messages)}`;
  return layout(context, { title: text.title, shape: "card", content, help: false });
}

/** Whatever comes of an attempt at a provider ends no session that is there. */
function stillSignedIn({ user }: PageContext, view: ErrorView, { error }: Messages): Markup | null {
  if (user === null || view.purpose === undefined) return null;
  const name = user.name ?? user.email;
  return html`<p class="lead">${name === null ? error.stillSignedIn : say(error.stillSignedInAs(name))}</p>`;
}

/** The quiet second way out: other providers, or another account for somebody who is signed in. */
function alternative(
  context: PageContext,
  view: ErrorView,
  action: ErrorAction,
  messages: Messages,
): Markup | null {
  const { purpose = "login" } = view;
  if (action.startsSignIn || purpose === "step-up") {
    const { otherWays } = messages.error;
    const link = (href: string, label: string) => html`<a class="button" href="${href}">${label}</a>`;
    // The page that wanted the confirmation would only ask for it again.
    return html`${action.startsSignIn ? link(waysHref(context, purpose, view.returnTo), otherWays[purpose]) : null}
${purpose === "step-up" ? link(`${context.mountPath}/account`, otherWays.link) : null}`;
  }
  if (context.user !== null && (view.code === "permission_denied" || view.code === "no_role")) {
    const name = context.user.name ?? context.user.email;
    return html`<form class="aside" method="post" action="${context.mountPath}/sign-out">
${name === null ? null : html`<span>${say(messages.error.signedInAs(name))}</span>`}
<button class="link">${messages.error.useAnotherAccount}</button>
</form>`;
  }
  if (action.isSupport) {
    return html`<a class="button" href="${signInHref(context, view.returnTo)}">${messages.error.useAnotherAccount}</a>`;
  }
  return null;
}

function help(context: PageContext, view: ErrorView, action: ErrorAction, messages: Messages): Markup | null {
  const address = action.isSupport ? null : supportAddress(context, view.reference);
  const { support } = context.brand;
  if (view.reference === null && (address === null || support === null)) return null;
  const { contact, contactOnly } = messages.error;
  const link = (value: string) => html`<a href="${address}">${shown(value.replace(/^https:\/\//, ""))}</a>`;
  return html`<div class="help-box">
${view.reference === null ? null : html`<p class="reference">${reference(view.reference, messages)}</p>`}
${address === null || support === null ? null : html`<p>${say((view.reference === null ? contactOnly : contact)(support), link)}</p>`}
</div>`;
}

function technicalDetails(view: ErrorView, messages: Messages): Markup | null {
  if (view.technical === null) return null;
  return html`<details class="technical" ${view.development ? "open" : ""}>
<summary>${icon("chevron")}${messages.error.technical}</summary>
<dl>
${Object.entries(view.technical).map(
  ([name, value]) =>
    html`<div><dt>${clean(name)}</dt><dd><code>${shown(value, MAX_DETAIL)}</code></dd></div>`,
)}
</dl>
</details>`;
}
