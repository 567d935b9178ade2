import { ERRORS, type ErrorCode } from "../../src/errors.ts";
import type { Locale } from "../../src/i18n/locale.ts";
import { messages } from "../../src/i18n/messages.ts";
import {
  type AccessRequestView,
  accessRequestPage,
  approvedPage,
} from "../../src/pages/access-request-page.ts";
import { type AccountView, accountPage } from "../../src/pages/account-page.ts";
import { stylesheet } from "../../src/pages/assets.ts";
import { type ErrorView, errorPage } from "../../src/pages/error-page.ts";
import { handOverPage } from "../../src/pages/hand-over-page.ts";
import { type InvitationView, invitationPage } from "../../src/pages/invitation-page.ts";
import { ownerLinkPage } from "../../src/pages/owner-link-page.ts";
import type { PageContext, Theme } from "../../src/pages/page-context.ts";
import { type SignInView, signInPage } from "../../src/pages/sign-in-page.ts";
import { signedOutPage } from "../../src/pages/signed-out-page.ts";
import { type StepUpWay, stepUpPage } from "../../src/pages/step-up-page.ts";

/** One state of one page, as a whole document. */
export interface PageState {
  readonly name: string;
  readonly html: string;
}

const FRONT_END = "https://app.acme.example";
const NOW = Date.UTC(2026, 10, 23, 22, 58, 21);
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

const CIRCLE = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 5a5 5 0 1 1 0 10 5 5 0 0 1 0-10Z";
const SQUARE = "M3 3h8v8H3V3Zm10 0h8v8h-8V3ZM3 13h8v8H3v-8Zm10 0h8v8h-8v-8Z";
const DROP = "M12 2s7 7.4 7 12.5a7 7 0 0 1-14 0C5 9.4 12 2 12 2Z";

export function pageContext(locale: Locale, theme: Theme, change: Partial<PageContext> = {}): PageContext {
  return {
    locale,
    theme,
    brand: {
      name: { en: "Acme Back Office", "zh-CN": "Acme 后台" },
      support: "it-help@acme.example",
      places: {},
    },
    mountPath: "/auth",
    allowedOrigins: [],
    stylesheet: stylesheet.path("/auth"),
    preferencesReturnTo: "/auth/sign-in?return_to=%2Forders",
    user: null,
    ...change,
  };
}

export function signInView(locale: Locale, change: Partial<SignInView> = {}): SignInView {
  const feishu = locale === "en" ? "Feishu" : "飞书";
  return {
    providers: [
      { id: "github", name: "GitHub", mark: CIRCLE, lastUsed: true, troubled: false },
      { id: "feishu", name: feishu, mark: DROP, lastUsed: false, troubled: false },
    ],
    returnTo: { path: "/orders", label: locale === "en" ? "Orders" : "订单" },
    notice: null,
    setupHint: false,
    ...change,
  };
}

export function errorView(code: ErrorCode, change: Partial<ErrorView> = {}): ErrorView {
  return {
    code,
    reference: "K7Q2-9FMX",
    provider: { id: "github", name: "GitHub" },
    handle: "tbecker",
    returnTo: "/orders",
    retryAfterMinutes: 3,
    technical: {
      code,
      endpoint: "https://github.example/login/oauth/access_token",
      status: "502",
      ms: "1840",
    },
    development: false,
    ...change,
  };
}

/** What is known where no provider has anything to do with it. */
const BARE = { provider: null, handle: null, reference: null, technical: null };

export function accountView(locale: Locale, change: Partial<AccountView> = {}): AccountView {
  const feishu = locale === "en" ? "Feishu" : "飞书";
  const windows =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";
  const phone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60";
  const device = {
    createdAt: NOW - 3 * DAY,
    lastSeenAt: NOW - 20_000,
    address: "203.0.113.7",
    provider: "GitHub",
  };
  return {
    me: {
      name: locale === "en" ? "Maria Rossi" : "李伟",
      email: "mrossi@acme.example",
      emailVerified: true,
      roles: [
        { role: "admin", source: "direct" },
        { role: "orders-lead", source: "rule" },
        { role: "orders-lead", source: "config" },
      ],
    },
    identities: [
      {
        id: "idn_1",
        removable: true,
        provider: { name: "GitHub", mark: CIRCLE },
        enabled: true,
        handle: "mrossi",
        email: "mrossi@acme.example",
        emailVerified: true,
        createdAt: NOW - 400 * DAY,
        lastUsedAt: NOW - 3 * DAY,
      },
      {
        id: "idn_2",
        removable: false,
        provider: { name: feishu, mark: DROP },
        enabled: true,
        handle: null,
        email: "maria@home.example",
        emailVerified: false,
        createdAt: NOW - 40 * DAY,
        lastUsedAt: NOW - 30 * DAY,
      },
      {
        id: "idn_3",
        removable: true,
        provider: { name: "Old SSO", mark: SQUARE },
        enabled: false,
        handle: "mrossi@acme.example",
        email: "mrossi@acme.example",
        emailVerified: null,
        createdAt: NOW - 900 * DAY,
        lastUsedAt: NOW - 500 * DAY,
      },
    ],
    ways: [
      { id: "github", name: "GitHub", mark: CIRCLE },
      { id: "feishu", name: feishu, mark: DROP },
    ],
    question: null,
    devices: [
      {
        ...device,
        id: "ses_2",
        current: false,
        userAgent: phone,
        provider: feishu,
        lastSeenAt: NOW - 5 * HOUR,
      },
      { ...device, id: "ses_1", current: true, userAgent: windows },
      {
        ...device,
        id: "ses_3",
        current: false,
        userAgent: "acme-scanner/0.3 (warehouse 7)",
        address: "2001:db8::1428:57ab",
        createdAt: NOW - 40 * DAY,
        lastSeenAt: NOW - 12 * DAY,
      },
    ],
    breakGlass: [],
    notice: { kind: "info", text: messages(locale).account.othersSignedOut(3), reference: null },
    now: NOW,
    ...change,
  };
}

/** Two providers, one of them with two accounts. */
function stepUpWays(locale: Locale): readonly StepUpWay[] {
  return [
    { providerId: "github", provider: "GitHub", mark: CIRCLE, handles: ["mrossi"] },
    {
      providerId: "feishu",
      provider: locale === "en" ? "Feishu" : "飞书",
      mark: DROP,
      handles: ["maria@home.example", "maria.rossi@acme.example"],
    },
  ];
}

function breakGlass(locale: Locale): AccountView["breakGlass"] {
  const name = locale === "en" ? "Tom Becker" : "王芳";
  const reason = locale === "en" ? "GitHub is down" : "GitHub 无法访问";
  return [
    { id: "olk_1", name, reason, usedAt: NOW - HOUR, mayReview: false },
    { id: "olk_2", name: "Ada Marsh", reason: null, usedAt: NOW - DAY, mayReview: true },
  ];
}

/** Somebody who asks to be let in, however that stands. */
function applications(locale: Locale): readonly AccessRequestView[] {
  const view = {
    providerId: "github",
    handle: "tbecker",
    nonce: "n",
    returnTo: "/orders",
    reference: "K7Q2-9FMX",
  };
  const reason = locale === "en" ? "Not on this project.\nAsk Maria." : "不属于这个项目。\n可以联系李伟。";
  const declined = { kind: "declined", askAgainAt: NOW + 30 * DAY } as const;
  return [
    { ...view, standing: { kind: "may-ask" } },
    { ...view, standing: { kind: "may-ask" }, handle: null, reference: null },
    { ...view, standing: { kind: "pending", since: NOW - DAY } },
    { ...view, standing: { kind: "approved" } },
    { ...view, standing: { ...declined, reason } },
    { ...view, standing: { ...declined, reason: null }, handle: null },
  ];
}

function invitationView(locale: Locale, change: Partial<InvitationView> = {}): InvitationView {
  return {
    action: "/auth/invite/t0ken",
    inviter: locale === "en" ? "Maria Rossi" : "李伟",
    roles: ["admin", "orders-lead"],
    recipient: { name: "t…@acme.example", provider: null },
    expiresAt: NOW + 3 * DAY,
    ...change,
  };
}

/** Every page in every state that looks different. */
export function pageStates(locale: Locale, theme: Theme): readonly PageState[] {
  const context = pageContext(locale, theme);
  const user = { name: locale === "en" ? "Tom Becker" : "王芳", email: "tom@acme.example" };
  const texts = messages(locale);
  const { providers } = signInView(locale);
  const many = ["Google", "Microsoft Entra ID", "GitLab", "Corp SSO"].map((name, index) => ({
    id: `more-${index}`,
    name,
    mark: index % 2 === 0 ? SQUARE : "",
    lastUsed: false,
    troubled: index === 1,
  }));
  const signIn = (name: string, change: Partial<SignInView>) => ({
    name: `sign-in-${name}`,
    html: signInPage(context, signInView(locale, change)),
  });
  const expired = {
    kind: "error",
    text: texts.error.codes.state_mismatch({ app: "", provider: null, handle: null, minutes: null }).sentence,
    reference: "K7Q2-9FMX",
  } as const;
  return [
    signIn("two", {}),
    signIn("one", { providers: providers.slice(0, 1), returnTo: { path: "/", label: null } }),
    signIn("many", { providers: [...many.slice(0, 2), ...providers, ...many.slice(2)] }),
    signIn("none", { providers: [] }),
    signIn("error", { notice: expired, setupHint: true }),
    signIn("info", { notice: { kind: "info", text: texts.signIn.sessionEnded, reference: null } }),
    ...(Object.keys(ERRORS) as ErrorCode[]).map((code) => ({
      name: `error-${code}`,
      html: errorPage({ ...context, user: code === "permission_denied" ? user : null }, errorView(code)),
    })),
    // As they come about: with whoever is still signed in, and with no more than is known.
    ...(["step-up", "link", "login"] as const).map((purpose) => ({
      name: `error-cancelled-${purpose}`,
      html: errorPage(
        { ...context, user },
        errorView("access_denied_by_user", { purpose, technical: { reason: "cancelled" } }),
      ),
    })),
    {
      name: "error-step-up-failed-signed-in",
      html: errorPage({ ...context, user }, errorView("step_up_failed", { purpose: "step-up" })),
    },
    {
      name: "error-too-many",
      html: errorPage(context, errorView("rate_limited", { ...BARE, reference: "K7Q2-9FMX" })),
    },
    {
      name: "error-too-many-of-me",
      html: errorPage({ ...context, user }, errorView("rate_limited", { ...BARE, retryAfterMinutes: 1 })),
    },
    { name: "error-restarting", html: errorPage(context, errorView("shutting_down", BARE)) },
    {
      name: "error-in-development",
      html: errorPage(context, errorView("provider_unavailable", { development: true })),
    },
    {
      name: "error-bare",
      html: errorPage(
        { ...context, brand: { ...context.brand, support: null } },
        errorView("suspended", { reference: null, provider: null, handle: null, technical: null }),
      ),
    },
    { name: "invitation", html: invitationPage(context, invitationView(locale)) },
    {
      name: "invitation-handle",
      html: invitationPage(
        context,
        invitationView(locale, { inviter: null, recipient: { name: "octocat", provider: "GitHub" } }),
      ),
    },
    {
      name: "invitation-anyone",
      html: invitationPage(context, invitationView(locale, { recipient: null, roles: ["member"] })),
    },
    {
      name: "hand-over",
      html: handOverPage({ ...context, allowedOrigins: [FRONT_END] }, `${FRONT_END}/orders`),
    },
    { name: "signed-out", html: signedOutPage(context, { stillSignedInAt: "GitHub" }) },
    {
      name: "signed-out-offer",
      html: signedOutPage(context, { stillSignedInAt: "Corp SSO", offer: true }),
    },
    {
      name: "signed-out-there",
      html: signedOutPage(context, { stillSignedInAt: null, signedOutAt: "Corp SSO" }),
    },
    {
      name: "signed-out-front-end",
      html: signedOutPage(
        { ...context, allowedOrigins: [FRONT_END] },
        { stillSignedInAt: null, frontEnd: `${FRONT_END}/` },
      ),
    },
    {
      name: "signed-out-going",
      html: signedOutPage(context, {
        stillSignedInAt: null,
        goingTo: { name: "Corp SSO", url: `${FRONT_END}/sso/logout` },
      }),
    },
    {
      name: "signed-out-everywhere",
      html: signedOutPage(context, { stillSignedInAt: "GitHub", everywhere: true }),
    },
    {
      name: "signed-out-everywhere-there",
      html: signedOutPage(context, { stillSignedInAt: null, signedOutAt: "Corp SSO", everywhere: true }),
    },
    { name: "signed-out-bare", html: signedOutPage(context, { stillSignedInAt: null }) },
    { name: "account", html: accountPage({ ...context, user }, accountView(locale)) },
    {
      name: "account-question-add",
      html: accountPage(
        { ...context, user },
        accountView(locale, {
          notice: null,
          question: { kind: "add", providerId: "github", provider: "GitHub" },
        }),
      ),
    },
    {
      name: "account-question-remove",
      html: accountPage(
        { ...context, user },
        accountView(locale, {
          notice: null,
          question: {
            kind: "remove",
            id: "idn_1",
            provider: "GitHub",
            handle: "mrossi",
            endsThisSession: true,
          },
        }),
      ),
    },
    {
      name: "step-up",
      html: stepUpPage({ ...context, user }, { ways: stepUpWays(locale), returnTo: "/payroll" }),
    },
    {
      name: "step-up-one-way",
      html: stepUpPage({ ...context, user }, { ways: stepUpWays(locale).slice(0, 1), returnTo: "/payroll" }),
    },
    { name: "step-up-no-way", html: stepUpPage({ ...context, user }, { ways: [], returnTo: "/payroll" }) },
    {
      name: "account-break-glass",
      html: accountPage({ ...context, user }, accountView(locale, { breakGlass: breakGlass(locale) })),
    },
    ...applications(locale).map((view) => ({
      name: `request-${view.standing.kind}${view.handle === null ? "-bare" : ""}`,
      html: accessRequestPage(context, view),
    })),
    { name: "request-welcome", html: approvedPage(context, "/orders") },
    { name: "owner-link-claim", html: ownerLinkPage(context, { secret: "a-secret", signsIn: null }) },
    {
      name: "owner-link-sign-in",
      html: ownerLinkPage(context, { secret: "a-secret", signsIn: user.name }),
    },
    {
      name: "account-bare",
      html: accountPage(
        { ...context, user },
        accountView(locale, {
          me: { name: null, email: null, emailVerified: null, roles: [] },
          devices: accountView(locale).devices.filter(({ current }) => current),
          notice: null,
        }),
      ),
    },
  ];
}
