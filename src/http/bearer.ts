import { authenticateKey } from "../api-keys/authenticate-key.ts";
import type { ErrorCode } from "../errors.ts";
import { atAddress } from "../limits/counted.ts";
import type { KeyPrincipal } from "../model/principal.ts";
import type { Permission } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { clientAddress } from "../web/client-address.ts";
import { header } from "../web/headers.ts";
import { ownAddress } from "../web/own-address.ts";
import { errorProblem } from "./error-problem.ts";
import { noteFailure } from "./note-failure.ts";
import type { GuardedRequest } from "./sign-in-first.ts";

/** What a key that was shown comes to. */
export type KeyResult =
  | { readonly admitted: true; readonly principal: KeyPrincipal }
  | { readonly admitted: false; readonly response: Response };

const BEARER = /^bearer(?: |$)/i;

/** What follows `Authorization: Bearer`; `null` = there is no such header, and the cookie decides. */
export function bearerOf(request: Pick<GuardedRequest, "headers">): string | null {
  const authorization = header(request.headers, "authorization");
  return authorization !== null && BEARER.test(authorization) ? authorization.slice("bearer ".length) : null;
}

/**
 * Lets a machine pass whose key has the permission. No cookie is looked at, so there is none to abuse: it need not come
 * from a page of ours. Whoever shows a key is a program and is told in JSON, whatever it accepts (RFC 6750 §3).
 */
export async function admitKey(
  runtime: Runtime,
  request: GuardedRequest,
  key: string,
  permission: Permission,
): Promise<KeyResult> {
  try {
    runtime.operation.gate.requireStore();
    const principal = await authenticateKey(runtime, key);
    if (principal === null) {
      runtime.limits.take("keys", atAddress(addressOf(runtime, request)));
      return refused("api_key_invalid", 'Bearer error="invalid_token"');
    }
    if (!principal.user.permissions.includes(permission))
      return refused("permission_denied", 'Bearer error="insufficient_scope"');
    return { admitted: true, principal };
  } catch (error) {
    const { publicUrl } = runtime.settings;
    const { pathname } = ownAddress(request.url, publicUrl) ?? publicUrl;
    return { admitted: false, response: errorProblem(noteFailure(runtime, error, pathname)) };
  }
}

/** Read only when somebody is refused: it costs whoever is let in nothing. */
function addressOf({ settings }: Runtime, { connection, headers }: GuardedRequest): string | null {
  return clientAddress(connection?.remoteAddress, header(headers, "x-forwarded-for"), settings.trustProxy);
}

function refused(code: ErrorCode, challenge: string): KeyResult {
  const response = errorProblem({ code, reference: null });
  response.headers.set("www-authenticate", challenge);
  return { admitted: false, response };
}
