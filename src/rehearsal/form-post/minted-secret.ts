import { decodeProtectedHeader, errors, importSPKI, jwtVerify } from "jose";
import type { RehearsalContext } from "../context.ts";

/** Half a year: no secret may be meant to live longer. */
const LONGEST_SECONDS = 15_777_000;

/**
 * Whether a client secret is a JWT that the application has signed itself: ES256 with its registered key, a key id, a
 * team as issuer, the client as subject, this provider as audience, and an end within half a year.
 */
export async function checkMintedSecret(
  { clients, applicationKeys, now }: RehearsalContext,
  clientId: string,
  clientSecret: string,
  audience: string,
): Promise<boolean> {
  const client = clients.find(clientId);
  if (client === null) return false;
  const publicKey = client.publicKey ?? (await applicationKeys.ec()).publicKey;
  try {
    const { payload } = await jwtVerify(clientSecret, await importSPKI(publicKey, "ES256"), {
      algorithms: ["ES256"],
      subject: clientId,
      audience,
      requiredClaims: ["iss", "iat", "exp"],
      currentDate: new Date(now()),
    });
    const { iat = 0, exp = 0 } = payload;
    return decodeProtectedHeader(clientSecret).kid !== undefined && exp - iat <= LONGEST_SECONDS;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return false;
    throw error;
  }
}
