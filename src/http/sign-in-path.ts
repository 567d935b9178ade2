import type { Runtime } from "../runtime.ts";
import { HOME, type LocalPath } from "../web/return-to.ts";

/** The path of the sign-in page with the way back; home is where people come to anyway, so it is left out. */
export function signInPath({ settings }: Pick<Runtime, "settings">, returnTo: LocalPath): string {
  const path = `${settings.mountPath}/sign-in`;
  return returnTo === HOME ? path : `${path}?return_to=${encodeURIComponent(returnTo)}`;
}
