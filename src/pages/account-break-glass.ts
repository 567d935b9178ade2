import { html } from "hono/html";
import type { Messages } from "../i18n/messages.ts";
import { icon } from "./icons.ts";
import { reviewAction } from "./links.ts";
import { type Markup, say } from "./markup.ts";
import { moment } from "./moment.ts";
import type { PageContext } from "./page-context.ts";

/** Somebody came in around the usual door, and no other owner has looked at it yet. */
export interface AccountBreakGlass {
  /** `olk_…` */
  readonly id: string;
  /** Who came in. */
  readonly name: string;
  /** In the words of whoever made the link. */
  readonly reason: string | null;
  /** Milliseconds since the epoch. */
  readonly usedAt: number;
  /** Whether whoever looks may confirm it: an owner, and not the one who came in. */
  readonly mayReview: boolean;
}

/** The banners that no owner can miss, one for each. */
export function breakGlassBanners(
  context: PageContext,
  used: readonly AccountBreakGlass[],
  now: number,
  messages: Messages,
): readonly Markup[] {
  const { breakGlass } = messages.account;
  return used.map(
    ({
      id,
      name,
      reason,
      usedAt,
      mayReview,
    }) => html`<div class="notice error" role="alert">${icon("warning")}<div>
<p>${say(breakGlass.used(name))} ${moment(context.locale, usedAt, now)}</p>
${reason === null ? null : html`<p class="meta">${say(breakGlass.reason(reason))}</p>`}
${
  mayReview
    ? html`<form method="post" action="${reviewAction(context, id)}"><button class="button">${breakGlass.review}</button></form>`
    : html`<p class="meta">${breakGlass.waits}</p>`
}
</div></div>`,
  );
}
