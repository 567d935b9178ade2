import { constantTimeEqual } from "../../crypto/hash.ts";
import { ERRORS, PosternError } from "../../errors.ts";
import type { Application, RefusedLogin } from "../../login/refuse-login.ts";
import { accessRequestPage, approvedPage } from "../../pages/access-request-page.ts";
import { askForAccess } from "../../requests/ask-for-access.ts";
import { findProof } from "../../requests/request-proof.ts";
import { findRequest, standingOf } from "../../requests/standing.ts";
import { isFrontEndUrl, type ReturnTarget } from "../../web/return-target.ts";
import type { Call } from "../call.ts";
import { signInOrigins } from "../form-action.ts";
import { pageContext } from "../page-context.ts";
import { readForm } from "../read-form.ts";
import { page, redirect } from "../responses.ts";

/** The answer of a callback for somebody who may ask, or has asked, to be let in. */
export function answerApplicant(
  call: Call,
  { code, reference, cookies }: RefusedLogin,
  application: Application,
): Promise<Response> {
  return applicationPage(call, application, { status: ERRORS[code].status, reference, cookies });
}

/** `GET /auth/request-access`: how the request of this browser's person stands. Without a proof: sign in first. */
export async function showRequest(call: Call): Promise<Response> {
  const { runtime, visit } = call;
  const proof = findProof(runtime, visit.cookies);
  if (proof === null) return redirect(`${runtime.settings.mountPath}/sign-in`);
  const request = await findRequest(runtime.store, proof);
  const standing = standingOf(request, proof.userId, runtime.now());
  return applicationPage(call, { proof, standing }, { reference: null });
}

/**
 * `POST /auth/request-access`: asks to be let in.
 * @throws PosternError `seal_invalid` without a proof of who asks, and as `askForAccess` does
 */
export async function sendRequest(call: Call): Promise<Response> {
  const { runtime, request, visit } = call;
  const form = await readForm(request);
  const proof = findProof(runtime, visit.cookies);
  // The form says for whom it was shown: another tab may have signed in as somebody else since.
  if (proof === null || !constantTimeEqual(proof.nonce, form.get("for") ?? ""))
    throw new PosternError("seal_invalid", "There is no proof of who asks.", { reason: "no_proof" });
  await askForAccess(runtime, proof, form.get("note") ?? "", visit);
  return redirect(`${runtime.settings.mountPath}/request-access`);
}

/** The one page that tells of an approval, with the session's cookies: from here on they are in. */
export function answerApproved(call: Call, returnTo: ReturnTarget, cookies: readonly string[]): Response {
  // The callback cannot be opened again to show it in another language: that is done where they go.
  const here = isFrontEndUrl(returnTo) ? `${call.runtime.settings.mountPath}/account` : returnTo;
  return page(call, approvedPage(pageContext(call, here), returnTo), { cookies });
}

interface Extras {
  readonly status?: number;
  readonly reference: string | null;
  readonly cookies?: readonly string[];
}

async function applicationPage(
  call: Call,
  { proof, standing }: Application,
  { reference, ...extras }: Extras,
): Promise<Response> {
  const { providers, settings } = call.runtime;
  const html = accessRequestPage(pageContext(call, `${settings.mountPath}/request-access`), {
    standing,
    providerId: proof.provider,
    handle: proof.handle ?? proof.email,
    nonce: proof.nonce,
    returnTo: proof.returnTo,
    reference,
  });
  const provider = providers.get(proof.provider);
  const formAction = provider === undefined ? [] : await signInOrigins([provider], proof.returnTo);
  return page(call, html, { ...extras, formAction });
}
