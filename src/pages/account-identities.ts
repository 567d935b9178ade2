import { html } from "hono/html";
import type { Messages } from "../i18n/messages.ts";
import type { EmailVerified } from "../model/identity.ts";
import { icon, providerMark } from "./icons.ts";
import { linkAction, removeHref } from "./links.ts";
import { type Markup, say, shown } from "./markup.ts";
import { moment } from "./moment.ts";
import type { PageContext } from "./page-context.ts";

/** One way in which the person can sign in. Times are milliseconds since the epoch. */
export interface AccountIdentity {
  /** `idn_…` */
  readonly id: string;
  /** Whether another way in is left without it. */
  readonly removable: boolean;
  /** Name in the language of the page; `mark` is SVG path data on a 24 × 24 grid. */
  readonly provider: { readonly name: string; readonly mark: string };
  /** False when the provider is not configured any more. */
  readonly enabled: boolean;
  readonly handle: string | null;
  readonly email: string | null;
  readonly emailVerified: EmailVerified;
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

/** A provider at which somebody may have another account. */
export interface AccountWay {
  readonly id: string;
  /** In the language of the page. */
  readonly name: string;
  /** SVG path data on a 24 × 24 grid; empty for none. */
  readonly mark: string;
}

/** The section of the account page that lists the linked identities. */
export function identitiesSection(
  context: PageContext,
  identities: readonly AccountIdentity[],
  ways: readonly AccountWay[],
  now: number,
  messages: Messages,
): Markup {
  return html`<section class="panel" aria-labelledby="identities">
<h2 id="identities">${messages.account.identities}</h2>
<ul class="rows">${identities.map((identity) => identityRow(context, identity, now, messages))}</ul>
${
  ways.length === 0
    ? null
    : html`<h3 class="caption">${messages.account.add}</h3>
<ul class="ways">${ways.map((way) => html`<li>${addForm(context, way, messages)}</li>`)}</ul>`
}
</section>`;
}

/** Whether the provider vouches for the e-mail, in a word and a sign; nothing when it does not tell. */
export function verifiedMark(verified: EmailVerified, messages: Messages): Markup | null {
  if (verified === null) return null;
  return verified
    ? html`<span class="state ok">${icon("done")}${messages.account.verified}</span>`
    : html`<span class="state warn">${icon("warning")}${messages.account.unverified}</span>`;
}

function identityRow(
  context: PageContext,
  identity: AccountIdentity,
  now: number,
  messages: Messages,
): Markup {
  const { locale } = context;
  const { linked, lastUsed, switchedOff, onlyWay } = messages.account;
  return html`<li class="row ${identity.enabled ? "" : "off"}">
<span class="tile">${providerMark(identity.provider.mark)}</span>
<div class="grow">
<p class="name">${shown(identity.provider.name)}</p>
${nameThere(identity, messages)}
<p class="meta facts"><span>${linked} ${moment(locale, identity.createdAt, now)}</span> <span>${lastUsed} ${moment(locale, identity.lastUsedAt, now)}</span></p>
${identity.enabled ? null : html`<p class="state warn">${icon("warning")}${switchedOff}</p>`}
${identity.removable ? null : html`<p class="meta">${onlyWay}</p>`}
</div>
${identity.removable ? removeLink(context, identity, messages) : null}
</li>`;
}

/** The link says which account to those who do not see the row around it. */
function removeLink(context: PageContext, identity: AccountIdentity, messages: Messages): Markup {
  const name = identity.handle ?? identity.email ?? "";
  return html`<a class="button" href="${removeHref(context, identity.id)}">${messages.account.ask.remove}<span class="unseen"> ${shown(identity.provider.name)} ${shown(name)}</span></a>`;
}

function addForm(context: PageContext, { id, name, mark }: AccountWay, messages: Messages): Markup {
  return html`<form method="post" action="${linkAction(context, id)}"><button class="button way">
${providerMark(mark)}
<span class="label">${say(messages.account.addWay(name))}</span>
</button></form>`;
}

/** What the person is called there, and the e-mail when that is something else. */
function nameThere({ handle, email, emailVerified }: AccountIdentity, messages: Messages): Markup {
  const names = handle === email ? [email] : [handle, email];
  const known = names.filter((name) => name !== null);
  if (known.length === 0) return html`<p class="meta">${messages.account.noHandle}</p>`;
  return html`${known.map(
    (name) =>
      html`<p>${shown(name)}${name === email ? html` ${verifiedMark(emailVerified, messages)}` : null}</p>`,
  )}`;
}
