import type { Identity } from "../model/identity.ts";
import type { AccountQuestion } from "../pages/account-question.ts";
import { isRemovable } from "../users/unlink-identity.ts";
import type { SignedInCall } from "./call.ts";

/** What the address of the account page asks: one of the person's own accounts, or a provider that is set up. */
export async function accountQuestion(
  { runtime, self, url, locale }: SignedInCall,
  identities: readonly Identity[],
): Promise<AccountQuestion | null> {
  const provider = runtime.providers.get(url.searchParams.get("add") ?? "");
  if (provider !== undefined)
    return { kind: "add", providerId: provider.id, provider: provider.name[locale] };
  const identity = identities.find(({ id }) => id === url.searchParams.get("remove"));
  if (identity === undefined || !isRemovable(identity, identities, runtime.settings)) return null;
  const session = await runtime.store.sessions.get(self.session.id);
  return {
    kind: "remove",
    id: identity.id,
    provider: runtime.providers.get(identity.provider)?.name[locale] ?? identity.provider,
    handle: identity.handle ?? identity.email,
    endsThisSession: session?.identityId === identity.id,
  };
}
