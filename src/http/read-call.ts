import { negotiate } from "../i18n/negotiate.ts";
import type { Principal } from "../model/principal.ts";
import type { Settings } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import { authenticate } from "../sessions/authenticate.ts";
import { clientAddress } from "../web/client-address.ts";
import { readCookie } from "../web/cookies.ts";
import { isFrontEndUrl, type ReturnTarget, returnTarget } from "../web/return-target.ts";
import { couldBeUnder, HOME } from "../web/return-to.ts";
import type { Call, Connection } from "./call.ts";

/** Reads what every handler needs. Nothing of it is trusted further than its type says. */
export function readCall(
  runtime: Runtime,
  request: Request,
  params: Readonly<Record<string, string>>,
  connection: Connection,
): Call {
  const url = new URL(request.url);
  const cookies = request.headers.get("cookie");
  const { settings } = runtime;
  let principal: Promise<Principal | null> | undefined;
  return {
    runtime,
    request,
    url,
    params,
    visit: {
      cookies,
      userAgent: request.headers.get("user-agent"),
      address: clientAddress(
        connection.remoteAddress,
        request.headers.get("x-forwarded-for"),
        settings.trustProxy,
      ),
    },
    locale: negotiate({
      cookie: readCookie(cookies, runtime.settings.cookies.locale),
      acceptLanguage: request.headers.get("accept-language"),
      fallback: "en",
    }),
    theme: themeOf(readCookie(cookies, runtime.settings.cookies.theme)),
    returnTo: readReturnTo(settings, url.searchParams.getAll("return_to")),
    principal: () => {
      principal ??= Promise.resolve(
        authenticate(runtime, readCookie(cookies, runtime.settings.cookies.session)),
      );
      return principal;
    },
  };
}

function themeOf(cookie: string | null): Call["theme"] {
  return cookie === "light" || cookie === "dark" ? cookie : "system";
}

/**
 * Where to go afterwards: one path of the application or of the account pages, or one address of a listed front end. Our
 * other doors would lead people in circles, and a value given twice is nobody's wish.
 */
export function readReturnTo(
  { mountPath, allowedOrigins }: Pick<Settings, "mountPath" | "allowedOrigins">,
  given: readonly unknown[],
): ReturnTarget {
  const target = given.length === 1 ? returnTarget(given[0], allowedOrigins) : null;
  if (target === null) return HOME;
  if (isFrontEndUrl(target)) return target;
  return couldBeUnder(target, mountPath) && !couldBeUnder(target, `${mountPath}/account`) ? HOME : target;
}
