import { messages } from "../../i18n/messages.ts";
import { OWNER_LINK_PROVIDER } from "../../model/owner-link.ts";
import { isExpired } from "../../model/session.ts";
import { mayReview } from "../../owner-link/review-break-glass.ts";
import type { AccountBreakGlass } from "../../pages/account-break-glass.ts";
import { accountPage } from "../../pages/account-page.ts";
import type { Notice } from "../../pages/notice.ts";
import { isRemovable } from "../../users/unlink-identity.ts";
import { localPathOrHome } from "../../web/return-to.ts";
import { accountQuestion } from "../account-question.ts";
import type { Call, SignedInCall } from "../call.ts";
import { signInOrigins } from "../form-action.ts";
import { pageContext } from "../page-context.ts";
import { page, redirect } from "../responses.ts";

/** `GET /auth`: the account page is the only one of ours that people come to on their own. */
export async function goToAccount({ runtime }: Call): Promise<Response> {
  return redirect(`${runtime.settings.mountPath}/account`);
}

/** `GET /auth/account`: who I am here, how I sign in, and where I am signed in. */
export async function showAccount(call: SignedInCall): Promise<Response> {
  const { runtime, self, locale } = call;
  const { store, providers, settings } = runtime;
  const now = runtime.now();
  const [identities, sessions, roles] = await Promise.all([
    store.identities.ofUser(self.user.id),
    store.sessions.ofUser(self.user.id),
    store.grants.ofUser(self.user.id),
  ]);
  const nameOf = (provider: string) =>
    providers.get(provider)?.name[locale] ??
    (provider === OWNER_LINK_PROVIDER ? messages(locale).ownerLink.provider : provider);
  const html = accountPage(pageContext(call, `${settings.mountPath}/account`, self.user), {
    me: {
      name: self.user.name,
      email: self.user.email,
      emailVerified: identities.find(({ email }) => email === self.user.email)?.emailVerified ?? null,
      roles,
    },
    identities: identities.map((identity) => ({
      ...identity,
      provider: { name: nameOf(identity.provider), mark: providers.get(identity.provider)?.mark ?? "" },
      enabled: providers.has(identity.provider),
      removable: isRemovable(identity, identities, settings),
    })),
    ways: [...providers.values()].map(({ id, name, mark }) => ({ id, name: name[locale], mark })),
    question: await accountQuestion(call, identities),
    devices: sessions
      .filter((session) => !isExpired(session, settings.session, now))
      .map((session) => ({
        ...session,
        current: session.id === self.session.id,
        provider: nameOf(session.provider),
      })),
    breakGlass: await breakGlassFor(call),
    notice: noticeOf(call),
    now,
  });
  const returnTo = localPathOrHome(`${settings.mountPath}/account`);
  return page(call, html, { formAction: await signInOrigins([...providers.values()], returnTo) });
}

/** What owners must see: who came in around the usual door, as long as no other owner has reviewed it. */
async function breakGlassFor({ runtime, self }: SignedInCall): Promise<readonly AccountBreakGlass[]> {
  if (!self.user.roles.includes("owner")) return [];
  const { store } = runtime;
  const used = await store.ownerLinks.unreviewed();
  return Promise.all(
    used.map(async (link) => {
      const user = link.usedBy === null ? null : await store.users.get(link.usedBy);
      return {
        id: link.id,
        name: user?.name ?? user?.email ?? link.usedBy ?? "",
        reason: link.reason,
        usedAt: link.usedAt ?? link.createdAt,
        mayReview: mayReview(link, self.user.id, self.user.roles),
      };
    }),
  );
}

/** What the last press on a button did: told by a word in the address, never by text in it. */
function noticeOf({ url, locale }: SignedInCall): Notice | null {
  const { account } = messages(locale);
  const others = /^\d{1,4}$/.exec(url.searchParams.get("signed_out_others") ?? "");
  if (others !== null)
    return { kind: "info", text: account.othersSignedOut(Number(others[0])), reference: null };
  if (url.searchParams.has("signed_out_device"))
    return { kind: "info", text: account.deviceSignedOut, reference: null };
  if (url.searchParams.has("linked")) return { kind: "info", text: account.wasLinked, reference: null };
  if (url.searchParams.has("linked_already"))
    return { kind: "info", text: account.wasLinkedAlready, reference: null };
  if (url.searchParams.has("unlinked")) return { kind: "info", text: account.wasUnlinked, reference: null };
  if (url.searchParams.has("reviewed"))
    return { kind: "info", text: account.breakGlass.reviewed, reference: null };
  return null;
}
