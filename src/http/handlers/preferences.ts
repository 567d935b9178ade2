import { isLocale } from "../../i18n/locale.ts";
import { setCookie } from "../../web/cookie-names.ts";
import { couldBeUnder, localPathOrHome } from "../../web/return-to.ts";
import type { Call } from "../call.ts";
import { readForm } from "../read-form.ts";
import { redirect } from "../responses.ts";

const LIFETIME = 365 * 24 * 60 * 60; // seconds

/** `POST /auth/preferences`: language and appearance, kept in this browser. What is not known is left as it was. */
export async function savePreferences(call: Call): Promise<Response> {
  const { settings } = call.runtime;
  const { cookies } = settings;
  const form = await readForm(call.request);
  const chosen: string[] = [];
  const locale = form.get("locale") ?? "";
  if (isLocale(locale))
    chosen.push(setCookie(cookies, { name: cookies.locale, value: locale, maxAge: LIFETIME }));
  const theme = form.get("theme") ?? "";
  if (["system", "light", "dark"].includes(theme)) {
    chosen.push(setCookie(cookies, { name: cookies.theme, value: theme, maxAge: LIFETIME }));
  }
  return redirect(whereFrom(settings.mountPath, form.get("return_to")), chosen);
}

/** Back to the page of ours that was being looked at; a callback must not be opened a second time. */
function whereFrom(mountPath: string, given: string | null): string {
  const path = localPathOrHome(given);
  return couldBeUnder(path, `${mountPath}/callback`) ? `${mountPath}/sign-in` : path;
}
