import type { LimitName } from "../model/limit-settings.ts";
import type { Call, SignedInCall } from "./call.ts";
import { sendRequest, showRequest } from "./handlers/access-request.ts";
import { goToAccount, showAccount } from "./handlers/account.ts";
import { signOutDevice, signOutOthers } from "./handlers/account-devices.ts";
import { linkByButton, unlinkByButton } from "./handlers/account-identities.ts";
import { sendAsset } from "./handlers/assets.ts";
import { hearBackChannelLogout } from "./handlers/backchannel-logout.ts";
import { finishCallback } from "./handlers/callback.ts";
import { hearFrontChannelLogout } from "./handlers/frontchannel-logout.ts";
import { live, ready } from "./handlers/health.ts";
import { acceptByButton, showInvitation } from "./handlers/invitation.ts";
import { showMetrics } from "./handlers/metrics.ts";
import { acceptLink, reviewLink, showLink } from "./handlers/owner-link.ts";
import { savePreferences } from "./handlers/preferences.ts";
import { showSession } from "./handlers/session.ts";
import { showSignIn } from "./handlers/sign-in.ts";
import { leaveSignedOut, showSignedOut, signOut, signOutEverywhere } from "./handlers/sign-out.ts";
import { startSignIn, startSignInByLink } from "./handlers/start-sign-in.ts";
import { showStepUp, startStepUpByButton } from "./handlers/step-up.ts";
import { handOutToken, showKeys } from "./handlers/token.ts";

/** One door: who may come to it is part of it. */
export type Route = RouteHead &
  (
    | { readonly who: "anyone"; readonly handler: (call: Call) => Promise<Response> }
    // Whoever shows a token of the option `metrics`.
    | { readonly who: "scraper"; readonly handler: (call: Call) => Promise<Response> }
    | { readonly who: "signed-in"; readonly handler: (call: SignedInCall) => Promise<Response> }
  );

interface RouteHead {
  readonly method: "GET" | "POST";
  /** Under the mount path. */
  readonly path: string;
  /**
   * What must not happen too often here; `none` = it may, since nothing is written by it and nobody asked. The router counts
   * calls and what people do, the verb behind the door what failed and what goes to a provider.
   */
  readonly limit: LimitName | "none";
  /** How it answers when something goes wrong: to a person, or to a program. */
  readonly answers: "page" | "json";
  /** Front ends of `allowedOrigins` may call it with the session cookie. */
  readonly cors?: true;
  /** Answers also while the instance is being closed. */
  readonly whileClosing?: true;
  /** Why a POST may come from elsewhere; without a reason it may not. */
  readonly crossOrigin?: string;
}

/** THE TABLE. What is not here does not exist. Reading it is the security review. */
export const ROUTES: readonly Route[] = [
  { method: "GET", path: "/", who: "anyone", limit: "none", answers: "page", handler: goToAccount },
  { method: "GET", path: "/sign-in", who: "anyone", limit: "none", answers: "page", handler: showSignIn },
  {
    method: "GET",
    path: "/sign-in/:provider",
    who: "anyone",
    limit: "starts",
    answers: "page",
    handler: startSignInByLink,
  },
  {
    method: "POST",
    path: "/sign-in/:provider",
    who: "anyone",
    limit: "starts",
    answers: "page",
    handler: startSignIn,
  },
  {
    method: "GET",
    path: "/callback/:provider",
    who: "anyone",
    limit: "failures",
    answers: "page",
    handler: finishCallback,
  },
  {
    method: "POST",
    path: "/callback/:provider",
    who: "anyone",
    limit: "failures",
    answers: "page",
    handler: finishCallback,
    crossOrigin:
      "response_mode=form_post comes from the provider's page; the sealed transaction is the proof",
  },
  {
    method: "GET",
    path: "/request-access",
    who: "anyone",
    limit: "none",
    answers: "page",
    handler: showRequest,
  },
  {
    method: "POST",
    path: "/request-access",
    who: "anyone",
    limit: "calls",
    answers: "page",
    handler: sendRequest,
  },
  {
    method: "POST",
    path: "/sign-out",
    who: "anyone",
    limit: "calls",
    answers: "page",
    cors: true,
    handler: signOut,
  },
  {
    method: "GET",
    path: "/signed-out",
    who: "anyone",
    limit: "none",
    answers: "page",
    handler: showSignedOut,
  },
  {
    method: "GET",
    path: "/signed-out/provider",
    who: "anyone",
    limit: "none",
    answers: "page",
    handler: leaveSignedOut,
  },
  {
    method: "POST",
    path: "/backchannel-logout/:provider",
    who: "anyone",
    limit: "logoutTokens",
    answers: "json",
    handler: hearBackChannelLogout,
    crossOrigin:
      "comes from the provider's server, without a cookie; the signature of the token is the proof",
  },
  {
    method: "GET",
    path: "/frontchannel-logout/:provider",
    who: "anyone",
    limit: "calls",
    answers: "page",
    handler: hearFrontChannelLogout,
  },
  {
    method: "GET",
    path: "/session",
    who: "anyone",
    limit: "calls",
    answers: "json",
    cors: true,
    handler: showSession,
  },
  {
    method: "POST",
    path: "/token",
    who: "signed-in",
    limit: "tokens",
    answers: "json",
    cors: true,
    handler: handOutToken,
  },
  {
    method: "GET",
    path: "/.well-known/jwks.json",
    who: "anyone",
    limit: "none",
    answers: "json",
    handler: showKeys,
  },
  {
    method: "GET",
    path: "/step-up",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: showStepUp,
  },
  {
    method: "POST",
    path: "/step-up/:provider",
    who: "signed-in",
    limit: "confirmations",
    answers: "page",
    handler: startStepUpByButton,
  },
  {
    method: "GET",
    path: "/account",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: showAccount,
  },
  {
    method: "POST",
    path: "/account/link/:provider",
    who: "signed-in",
    limit: "confirmations",
    answers: "page",
    handler: linkByButton,
  },
  {
    method: "POST",
    path: "/account/identities/:id/unlink",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: unlinkByButton,
  },
  {
    method: "POST",
    path: "/account/sessions/:id/sign-out",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: signOutDevice,
  },
  {
    method: "POST",
    path: "/account/sign-out-others",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: signOutOthers,
  },
  {
    method: "POST",
    path: "/account/sign-out-everywhere",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: signOutEverywhere,
  },
  {
    method: "GET",
    path: "/owner-link/:token",
    who: "anyone",
    limit: "links",
    answers: "page",
    handler: showLink,
  },
  {
    method: "POST",
    path: "/owner-link",
    who: "anyone",
    limit: "links",
    answers: "page",
    handler: acceptLink,
  },
  {
    method: "POST",
    path: "/account/break-glass/:id/review",
    who: "signed-in",
    limit: "callsOfPerson",
    answers: "page",
    handler: reviewLink,
  },
  {
    method: "GET",
    path: "/invite/:token",
    who: "anyone",
    limit: "links",
    answers: "page",
    handler: showInvitation,
  },
  {
    method: "POST",
    path: "/invite/:token",
    who: "anyone",
    limit: "links",
    answers: "page",
    handler: acceptByButton,
  },
  {
    method: "POST",
    path: "/preferences",
    who: "anyone",
    limit: "calls",
    answers: "page",
    handler: savePreferences,
  },
  { method: "GET", path: "/assets/:file", who: "anyone", limit: "none", answers: "page", handler: sendAsset },
  {
    method: "GET",
    path: "/health/live",
    who: "anyone",
    limit: "none",
    answers: "json",
    handler: live,
    whileClosing: true,
  },
  {
    method: "GET",
    path: "/health/ready",
    who: "anyone",
    limit: "none",
    answers: "json",
    handler: ready,
    whileClosing: true,
  },
  {
    method: "GET",
    path: "/metrics",
    who: "scraper",
    limit: "none",
    answers: "json",
    handler: showMetrics,
    whileClosing: true,
  },
];
