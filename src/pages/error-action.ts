import { html } from "hono/html";
import type { ErrorCode } from "../errors.ts";
import type { Messages } from "../i18n/messages.ts";
import type { LoginPurpose } from "../model/login-transaction.ts";
import {
  linkAction,
  returnHref,
  signInHref,
  startAction,
  stepUpAction,
  stepUpHref,
  supportHref,
} from "./links.ts";
import type { Markup } from "./markup.ts";
import type { PageContext } from "./page-context.ts";
import { startForm } from "./start-form.ts";

/**
 * What the one primary button does: begin anew at the same provider what was begun there, go to the sign-in page, to the
 * page where it was begun, or to the one for confirming, go to where the person wanted to be, the start page, the account
 * page, or write to the support.
 */
type Action = "start" | "sign-in" | "ways" | "step-up" | "return" | "home" | "account" | "support";

const ACTIONS: Readonly<Record<ErrorCode, Exclude<Action, "ways">>> = {
  authentication_required: "sign-in",
  permission_denied: "home",
  no_role: "support",
  cross_origin: "home",
  not_found: "home",
  method_not_allowed: "home",
  request_too_large: "return",
  unsupported_media_type: "return",
  request_incomplete: "return",
  request_malformed: "return",
  audience_not_allowed: "return",
  api_key_invalid: "return",
  api_key_not_found: "return",
  unknown_provider: "sign-in",
  rate_limited: "sign-in",

  callback_invalid: "start",
  state_mismatch: "start",
  access_denied_by_user: "start",
  provider_unavailable: "start",
  provider_rejected: "sign-in",
  provider_untrusted: "start",
  clock_skew: "start",
  no_identifier: "support",
  ended_at_provider: "start",
  token_gone: "start",

  not_allowed: "sign-in",
  email_unverified: "start",
  suspended: "support",
  pending_approval: "sign-in",
  request_declined: "sign-in",

  step_up_required: "step-up",
  step_up_failed: "start",
  identity_taken: "account",
  identity_not_found: "account",
  last_identity: "account",
  merge_refused: "return",

  invite_unknown: "sign-in",
  invite_expired: "sign-in",
  invite_used: "sign-in",
  invite_revoked: "sign-in",
  invite_not_for_you: "sign-in",

  user_not_found: "return",
  session_not_found: "account",
  unknown_role: "return",
  role_invalid: "home",
  role_exists: "home",
  role_locked: "home",
  role_in_use: "home",
  unknown_permission: "return",
  last_owner: "return",
  rule_invalid: "return",
  rule_not_found: "return",
  rule_locked: "return",
  rules_changed: "return",
  would_lock_out: "return",
  request_not_found: "return",
  request_decided: "return",
  owner_exists: "sign-in",
  not_usable_owner: "return",
  owner_link_invalid: "sign-in",

  store_unavailable: "return",
  migrations_pending: "return",
  shutting_down: "return",
  seal_invalid: "start",
  server_error: "return",
};

/** What decides where the button of an error page leads. */
export interface ErrorActionInput {
  readonly code: ErrorCode;
  /** What had been begun at the provider. */
  readonly purpose: LoginPurpose;
  readonly label: string;
  readonly providerId: string | null;
  readonly returnTo: string;
  readonly reference: string | null;
}

export interface ErrorAction {
  readonly button: Markup;
  /** Begins anew at the provider: then other ways are worth offering beside it. */
  readonly startsSignIn: boolean;
  /** Writes to the support, which need not be named again. */
  readonly isSupport: boolean;
}

/** The primary button of an error page. Where the fitting one is not possible, it goes to the sign-in page and says so. */
export function errorAction(context: PageContext, messages: Messages, input: ErrorActionInput): ErrorAction {
  if (input.code === "rate_limited" && context.user !== null) return backToAccount(context, messages);
  const usual = ACTIONS[input.code];
  // Who adds an account, or confirms that it is them, is signed in: what they want to try again does not begin with signing in.
  const action: Action = input.purpose !== "login" && usual === "sign-in" ? "ways" : usual;
  const signIn = signInHref(context, input.returnTo);
  if (action === "support") {
    const href = supportAddress(context, input.reference);
    return href === null
      ? { button: linkButton(signIn, messages.error.goToSignIn), startsSignIn: false, isSupport: false }
      : { button: linkButton(href, input.label), startsSignIn: false, isSupport: true };
  }
  if (action === "start" && input.providerId !== null) {
    const button = html`<button class="button primary">${input.label}</button>`;
    const form = startForm(context, again(context, input.purpose, input.providerId), input.returnTo, button);
    return { button: form, startsSignIn: true, isSupport: false };
  }
  const href = {
    start: waysHref(context, input.purpose, input.returnTo),
    "sign-in": signIn,
    ways: waysHref(context, input.purpose, input.returnTo),
    "step-up": stepUpHref(context, input.returnTo),
    return: returnHref(context, input.returnTo),
    home: "/",
    account: `${context.mountPath}/account`,
  }[action];
  const label = action === "ways" ? messages.error.otherWays[input.purpose] : input.label;
  return { button: linkButton(href, label), startsSignIn: false, isSupport: false };
}

/** Whoever is signed in has not tried to sign in too often. */
function backToAccount({ mountPath }: PageContext, { error }: Messages): ErrorAction {
  const button = linkButton(`${mountPath}/account`, error.otherWays.link);
  return { button, startsSignIn: false, isSupport: false };
}

/** The page that shows every way to do what was begun. */
export function waysHref(
  context: Pick<PageContext, "mountPath" | "allowedOrigins">,
  purpose: LoginPurpose,
  returnTo: string,
): string {
  if (purpose === "link") return `${context.mountPath}/account`;
  return purpose === "step-up" ? stepUpHref(context, returnTo) : signInHref(context, returnTo);
}

function again(context: PageContext, purpose: LoginPurpose, providerId: string): string {
  if (purpose === "link") return linkAction(context, providerId);
  return purpose === "step-up" ? stepUpAction(context, providerId) : startAction(context, providerId);
}

/** Where the support is reached, with application and reference as the subject; `null` when none is configured. */
export function supportAddress({ brand, locale }: PageContext, reference: string | null): string | null {
  if (brand.support === null) return null;
  return supportHref(
    brand.support,
    [brand.name[locale], reference].filter((part) => part !== null).join(" "),
  );
}

function linkButton(href: string, label: string): Markup {
  return html`<a class="button primary" href="${href}">${label}</a>`;
}
