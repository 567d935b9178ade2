import { html } from "hono/html";
import type { Messages } from "../i18n/messages.ts";
import { icon } from "./icons.ts";
import { endSessionAction } from "./links.ts";
import { type Markup, say, shown } from "./markup.ts";
import { moment } from "./moment.ts";
import type { PageContext } from "./page-context.ts";
import { readUserAgent, type UserAgent } from "./user-agent.ts";

/** A browser in which the person is signed in. Times are milliseconds since the epoch. */
export interface AccountDevice {
  /** `ses_…` */
  readonly id: string;
  /** The one that asks for the page. */
  readonly current: boolean;
  readonly userAgent: string | null;
  readonly address: string | null;
  /** Name of the provider it signed in with, in the language of the page. */
  readonly provider: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

const MAX_USER_AGENT = 300;

/** The section of the account page that lists the sessions and ends them. */
export function devicesSection(
  context: PageContext,
  devices: readonly AccountDevice[],
  now: number,
  messages: Messages,
): Markup {
  const others = devices.filter(({ current }) => !current);
  const ordered = [...devices.filter(({ current }) => current), ...others];
  const { devices: title, onlyDevice } = messages.account;
  return html`<section class="panel" aria-labelledby="devices">
<div class="bar"><h2 id="devices">${title}</h2>${others.length === 0 ? null : endOthersForm(context, messages)}</div>
<ul class="rows">${ordered.map((device) => deviceRow(context, device, now, messages))}</ul>
${others.length === 0 ? html`<p class="meta">${onlyDevice}</p>` : null}
${everywhereForm(context, messages)}
</section>`;
}

function endOthersForm({ mountPath }: PageContext, messages: Messages): Markup {
  return html`<form method="post" action="${mountPath}/account/sign-out-others"><button class="button danger">${messages.account.signOutOthers}</button></form>`;
}

/** Also where only one device is listed: whoever looks for it fears that there are others. */
function everywhereForm({ mountPath }: PageContext, messages: Messages): Markup {
  const { signOutEverywhere, everywhereHint } = messages.account;
  return html`<form class="everywhere" method="post" action="${mountPath}/account/sign-out-everywhere"><button class="button danger" aria-describedby="everywhere">${signOutEverywhere}</button> <span class="meta" id="everywhere">${everywhereHint}</span></form>`;
}

function deviceRow(context: PageContext, device: AccountDevice, now: number, messages: Messages): Markup {
  const { locale } = context;
  const agent = readUserAgent(device.userAgent);
  const { thisDevice, signedInWith, address, noAddress, firstSeen, lastSeen } = messages.account;
  return html`<li class="row">
<span class="tile">${icon(agent.handheld ? "phone" : "computer")}</span>
<div class="grow">
<p class="name">${deviceName(agent, messages)} ${device.current ? html`<span class="chip accent">${thisDevice}</span>` : null}</p>
${agent.browser === null && device.userAgent !== null ? rawUserAgent(device.userAgent, messages) : null}
<p class="meta facts"><span>${signedInWith} ${shown(device.provider)}</span> <span>${address} ${device.address === null ? noAddress : shown(device.address)}</span></p>
<p class="meta facts"><span>${firstSeen} ${moment(locale, device.createdAt, now)}</span> <span>${lastSeen} ${moment(locale, device.lastSeenAt, now)}</span></p>
</div>
${device.current ? null : endForm(context, device.id, agent, messages)}
</li>`;
}

function deviceName({ browser, system }: UserAgent, messages: Messages): Markup {
  const { browserOn, unidentifiedBrowser } = messages.account;
  if (browser === null) return html`${unidentifiedBrowser}`;
  return system === null ? shown(browser) : say(browserOn(browser, system));
}

/** What the browser calls itself, for whoever wants to know more about one that is not recognised. */
function rawUserAgent(userAgent: string, messages: Messages): Markup {
  return html`<details class="raw"><summary>${icon("chevron")}${messages.account.userAgent}</summary><code>${shown(userAgent, MAX_USER_AGENT)}</code></details>`;
}

/** The button says which device to those who do not see the row around it. */
function endForm(context: PageContext, id: string, agent: UserAgent, messages: Messages): Markup {
  return html`<form method="post" action="${endSessionAction(context, id)}"><button class="button">${messages.signOut}<span class="unseen"> ${deviceName(agent, messages)}</span></button></form>`;
}
