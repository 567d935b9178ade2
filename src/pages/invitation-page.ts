import { html } from "hono/html";
import { formatDateTime, machineTime } from "../i18n/format.ts";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import { brandMark, layout } from "./layout.ts";
import { type Markup, say, shown } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

export interface InvitationView {
  /** Path that the button posts to: the page's own. */
  readonly action: string;
  /** Name of whoever invites; `null` = not a person with an account here. */
  readonly inviter: string | null;
  readonly roles: readonly string[];
  /** Whom it is for; `null` = anyone who has the link. */
  readonly recipient: {
    /** An address is shown in part only: a link that was passed on must not tell it. */
    readonly name: string;
    /** In the language of the page; `null` = any. */
    readonly provider: string | null;
  } | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The page behind an invitation's link. Looking at it changes nothing; only the button does. */
export function invitationPage(context: PageContext, view: InvitationView): string {
  const { locale } = context;
  const messages = messagesFor(locale);
  const { invitation } = messages;
  const title = invitation.title(context.brand.name[locale]);
  const content = html`${brandMark(context, false)}
<h1>${say(title)}</h1>
<p class="lead">${view.inviter === null ? invitation.invitedByAdministrator : say(invitation.invitedBy(view.inviter))}</p>
<dl class="invitation">
<div><dt>${invitation.role}</dt><dd>${rolesList(view.roles, messages)}</dd></div>
<div><dt>${invitation.recipient}</dt><dd>${recipient(view.recipient, messages)}</dd></div>
<div><dt>${invitation.until}</dt><dd><time datetime="${machineTime(view.expiresAt)}">${formatDateTime(locale, view.expiresAt)}</time></dd></div>
</dl>
<p class="meta">${invitation.whatHappens}</p>
<div class="actions"><form method="post" action="${view.action}"><button class="button primary">${invitation.accept}</button></form></div>`;
  return layout(context, { title, shape: "card", content, help: true });
}

/** The built-in roles have names in every language; the application's own are shown as they are written. */
function rolesList(roles: readonly string[], { account }: Messages): Markup {
  const names: Readonly<Record<string, string>> = account.roleNames;
  return html`<ul class="roles">${roles.map(
    (role) =>
      html`<li><span class="chip">${Object.hasOwn(names, role) ? names[role] : shown(role)}</span></li>`,
  )}</ul>`;
}

function recipient(wanted: InvitationView["recipient"], { invitation }: Messages): Markup {
  if (wanted === null) return html`${invitation.anyone}`;
  if (wanted.provider === null) return shown(wanted.name);
  return say(invitation.at(wanted.name, wanted.provider));
}
