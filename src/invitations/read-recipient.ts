import { foldEmail } from "../access/email.ts";
import type { InvitationRecipient } from "../model/invitation.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { Settings } from "../options.ts";

/** Whom an invitation is meant for, as somebody writes it. */
export type RecipientWish =
  /** `ada@example.com`, or `google:ada@example.com` for one provider alone. */
  | { readonly email: string }
  /** `github:octocat`: what the provider calls them when they sign in. */
  | { readonly handle: string }
  /** `github:583231`: the provider's own id for them. */
  | { readonly id: string }
  | "anyone";

/** The recipient that a wish names; `undefined` = nobody could ever be recognised by that, `null` = anyone. */
export function readRecipient(
  wish: RecipientWish,
  { providers }: Pick<Settings, "providers">,
): InvitationRecipient | null | undefined {
  if (wish === "anyone") return null;
  const [kind, written] = Object.entries(wish)[0] ?? [];
  if (written === undefined) return undefined;
  const colon = written.indexOf(":");
  const provider = colon === -1 ? null : written.slice(0, colon).trim();
  const name = written.slice(colon + 1).trim();
  if (provider !== null && !providers.some(({ id }) => id === provider)) return undefined;
  if (kind === "email") {
    const email = foldEmail(name);
    return email === null ? undefined : { kind, provider, who: email };
  }
  if ((kind !== "handle" && kind !== "id") || provider === null || name === "") return undefined;
  return { kind, provider, who: name };
}

/** Why an invitation is not for whoever has arrived; `null` = it is. */
export function whyNotFor(
  recipient: InvitationRecipient | null,
  provider: string,
  { subject, handle, email, emailVerified }: Pick<UserInfo, "subject" | "handle" | "email" | "emailVerified">,
): "other_provider" | "other_id" | "other_handle" | "other_email" | "email_unverified" | null {
  if (recipient === null) return null;
  const { kind, who } = recipient;
  if (recipient.provider !== null && recipient.provider !== provider) return "other_provider";
  if (kind === "id") return subject === who ? null : "other_id";
  if (kind === "handle") return handle === who ? null : "other_handle";
  if (foldEmail(email) !== who) return "other_email";
  return emailVerified === true ? null : "email_unverified";
}
