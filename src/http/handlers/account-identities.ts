import { PosternError } from "../../errors.ts";
import { startLink } from "../../login/start-link.ts";
import { stepUpHref } from "../../pages/links.ts";
import { FRESH_FOR_ACCOUNT, isFresh } from "../../sessions/freshness.ts";
import { unlinkIdentity } from "../../users/unlink-identity.ts";
import { clearCookie } from "../../web/cookie-names.ts";
import { localPathOrHome } from "../../web/return-to.ts";
import type { SignedInCall } from "../call.ts";
import { answerRefusedLogin } from "../error-answer.ts";
import { redirect } from "../responses.ts";

/**
 * `POST /auth/account/link/{provider}`: off to the provider, to add the account that I have there. Who has not lately
 * confirmed that it is them does that first.
 */
export async function linkByButton(call: SignedInCall): Promise<Response> {
  const { runtime, self, params, visit } = call;
  const { mountPath } = runtime.settings;
  const provider = params.provider ?? "";
  if (!runtime.providers.has(provider))
    throw new PosternError("unknown_provider", "No provider of that id is configured.");
  if (!isFresh(self, FRESH_FOR_ACCOUNT, runtime.now()))
    return confirmFirst(call, `add=${encodeURIComponent(provider)}`);
  const returnTo = localPathOrHome(`${mountPath}/account`);
  const started = await startLink(runtime, { provider, userId: self.user.id, returnTo, visit });
  if (started.kind === "refused") return answerRefusedLogin(call, started);
  return redirect(started.location, started.cookies);
}

/**
 * `POST /auth/account/identities/{id}/unlink`: takes one of my accounts away. A session that was opened by it ends, this
 * one too. @throws PosternError `identity_not_found`, `last_identity`
 */
export async function unlinkByButton(call: SignedInCall): Promise<Response> {
  const { runtime, self, params, visit } = call;
  const { mountPath } = runtime.settings;
  const id = params.id ?? "";
  if (!isFresh(self, FRESH_FOR_ACCOUNT, runtime.now()))
    return confirmFirst(call, `remove=${encodeURIComponent(id)}`);
  await unlinkIdentity(runtime, self.user.id, id, { actor: self.user.id, address: visit.address });
  const isStillIn = (await runtime.store.sessions.get(self.session.id)) !== null;
  return isStillIn
    ? redirect(`${mountPath}/account?unlinked`)
    : redirect(`${mountPath}/signed-out`, [
        clearCookie(runtime.settings.cookies, runtime.settings.cookies.session),
      ]);
}

/** To the page for confirming, and from there back to the account page, which asks once more. */
function confirmFirst({ runtime }: SignedInCall, query: string): Response {
  const { settings } = runtime;
  return redirect(stepUpHref(settings, `${settings.mountPath}/account?${query}`));
}
