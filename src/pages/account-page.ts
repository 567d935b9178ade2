import { html } from "hono/html";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import type { EmailVerified } from "../model/identity.ts";
import type { GrantSource, RoleName } from "../model/role.ts";
import { type AccountBreakGlass, breakGlassBanners } from "./account-break-glass.ts";
import { type AccountDevice, devicesSection } from "./account-devices.ts";
import {
  type AccountIdentity,
  type AccountWay,
  identitiesSection,
  verifiedMark,
} from "./account-identities.ts";
import { type AccountQuestion, questionSection } from "./account-question.ts";
import { icon } from "./icons.ts";
import { initials } from "./initials.ts";
import { brandMark, layout } from "./layout.ts";
import { type Markup, shown } from "./markup.ts";
import { type Notice, noticeBox } from "./notice.ts";
import type { PageContext } from "./page-context.ts";

export interface AccountView {
  readonly me: {
    readonly name: string | null;
    readonly email: string | null;
    readonly emailVerified: EmailVerified;
    /** A role held for several reasons stands here several times. */
    readonly roles: readonly { readonly role: RoleName; readonly source: GrantSource }[];
  };
  readonly identities: readonly AccountIdentity[];
  /** Where another account can be added, in the order of the providers. */
  readonly ways: readonly AccountWay[];
  /** Asked above everything but the notice. */
  readonly question: AccountQuestion | null;
  /** Newest first; the one in use is put on top. */
  readonly devices: readonly AccountDevice[];
  /** Shown above everything else. */
  readonly breakGlass: readonly AccountBreakGlass[];
  /** What the last press on a button did. */
  readonly notice: Notice | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a person sees about themselves: who they are here, how they sign in, and where they are signed in. */
export function accountPage(context: PageContext, view: AccountView): string {
  const messages = messagesFor(context.locale);
  const header = html`<header>
<a class="home" href="/">${brandMark(context, true)}</a>
<form method="post" action="${context.mountPath}/sign-out"><button class="button">${messages.signOut}</button></form>
</header>`;
  const content = html`${breakGlassBanners(context, view.breakGlass, view.now, messages)}
${noticeBox(view.notice, messages)}
<h1>${messages.account.title}</h1>
${questionSection(context, view.question, messages)}
${meSection(view.me, messages)}
${identitiesSection(context, view.identities, view.ways, view.now, messages)}
${devicesSection(context, view.devices, view.now, messages)}`;
  return layout(context, { title: messages.account.title, shape: "wide", header, content, help: true });
}

function meSection(me: AccountView["me"], messages: Messages): Markup {
  const letters = initials(me.name ?? me.email);
  return html`<section class="panel">
<div class="me">
<span class="avatar" aria-hidden="true">${letters ?? icon("person")}</span>
<div class="grow">
<p class="name">${me.name === null ? messages.account.noName : shown(me.name)}</p>
${me.email === null ? null : html`<p class="meta">${shown(me.email)} ${verifiedMark(me.emailVerified, messages)}</p>`}
</div>
</div>
<h2>${messages.account.roles}</h2>
${me.roles.length === 0 ? html`<p class="meta">${messages.account.noRoles}</p>` : rolesList(me.roles, messages)}
</section>`;
}

function rolesList(grants: AccountView["me"]["roles"], messages: Messages): Markup {
  const { roleNames, roleSources } = messages.account;
  const sources = Map.groupBy(grants, ({ role }) => role);
  return html`<ul class="roles">${[...sources].map(
    ([role, held]) =>
      html`<li><span class="chip">${
        isNamed(role, roleNames) ? roleNames[role] : shown(role)
      }</span> <span class="meta">${[...new Set(held.map(({ source }) => roleSources[source]))].join(" · ")}</span></li>`,
  )}</ul>`;
}

/** The built-in roles have names in every language; the application's own are shown as they are written. */
function isNamed<Names extends object>(role: string, names: Names): role is Extract<keyof Names, string> {
  return Object.hasOwn(names, role);
}
