import { frontEndUrl } from "../web/return-target.ts";
import type { PageContext } from "./page-context.ts";

type Mount = Pick<PageContext, "mountPath">;
type Ways = Pick<PageContext, "mountPath" | "allowedOrigins">;

/** The sign-in page, which leads back to `returnTo`. */
export function signInHref(ways: Ways, returnTo: string): string {
  const target = returnHref(ways, returnTo);
  const page = `${ways.mountPath}/sign-in`;
  return target === "/" ? page : `${page}?return_to=${encodeURIComponent(target)}`;
}

/** Where the form of a provider's button goes. */
export function startAction({ mountPath }: Mount, providerId: string): string {
  return `${mountPath}/sign-in/${encodeURIComponent(providerId.toWellFormed())}`;
}

/** The page where somebody confirms that it is them, which leads back to `returnTo`. */
export function stepUpHref(ways: Ways, returnTo: string): string {
  return `${ways.mountPath}/step-up?return_to=${encodeURIComponent(returnHref(ways, returnTo))}`;
}

/** Where the form goes with which somebody confirms at a provider that it is them. */
export function stepUpAction({ mountPath }: Mount, providerId: string): string {
  return `${mountPath}/step-up/${encodeURIComponent(providerId.toWellFormed())}`;
}

/** Where the form goes with which somebody adds the account that they have at a provider. */
export function linkAction({ mountPath }: Mount, providerId: string): string {
  return `${mountPath}/account/link/${encodeURIComponent(providerId.toWellFormed())}`;
}

/** Where the form goes that takes an account away. */
export function unlinkAction({ mountPath }: Mount, identityId: string): string {
  return `${mountPath}/account/identities/${encodeURIComponent(identityId.toWellFormed())}/unlink`;
}

/** The account page, asking whether this account is to be taken away. */
export function removeHref({ mountPath }: Mount, identityId: string): string {
  return `${mountPath}/account?remove=${encodeURIComponent(identityId.toWellFormed())}`;
}

/** Where the form of somebody who asks to be let in goes. */
export function requestAction({ mountPath }: Mount): string {
  return `${mountPath}/request-access`;
}

/** Where the form that ends a session goes. */
export function endSessionAction({ mountPath }: Mount, sessionId: string): string {
  return `${mountPath}/account/sessions/${encodeURIComponent(sessionId.toWellFormed())}/sign-out`;
}

/** Where the form goes that confirms a look at a way around the usual door. */
export function reviewAction({ mountPath }: Mount, linkId: string): string {
  return `${mountPath}/account/break-glass/${encodeURIComponent(linkId.toWellFormed())}/review`;
}

/** The address of a listed front end, or the path, otherwise `/`. It was checked when it came; the list may have changed since. */
export function returnHref({ allowedOrigins }: Pick<Ways, "allowedOrigins">, returnTo: string): string {
  return frontEndUrl(returnTo, allowedOrigins) ?? localHref(returnTo);
}

/** The path when it stays on our origin, otherwise `/`. Paths are checked before; a page does not rely on it. */
export function localHref(path: string): string {
  return /^\/(?![/\\])/.test(path) && !/[\p{Cc}\\]/u.test(path) ? path.toWellFormed() : "/";
}

/** Whom to turn to as a link: `mailto:` with the reference as subject, or the https address; `null` for anything else. */
export function supportHref(support: string, subject: string): string | null {
  if (/^https:\/\/[^\s]+$/.test(support)) return support;
  if (!/^[^\s@:/?#]+@[^\s@:/?#]+$/.test(support)) return null;
  return `mailto:${support}?subject=${encodeURIComponent(subject.toWellFormed())}`;
}
