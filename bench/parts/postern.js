import { oidc } from "../../dist/providers/oidc.js";
import { Unavailable } from "./unavailable.js";

/** How a browser signs in: the button of the sign-in page. */
export const SIGN_IN = {
  method: "POST",
  path: "/auth/sign-in/stub",
  form: { return_to: "/orders" },
};

/** Opens Postern by one of its adapters' `postern`, as it is published. */
export async function openPostern(postern, settings) {
  const { url, issuer, clientId, clientSecret, database, redis } = settings;
  try {
    return await postern({
      publicUrl: url,
      secret: "only-for-the-benchmark-0123456789-abcdefgh",
      database,
      providers: [oidc({ id: "stub", name: "Stub", issuer, clientId, clientSecret })],
      access: [{ when: { provider: "stub" }, then: "allow" }],
      autoMigrate: true,
      ...(redis !== undefined && { redis }),
    });
  } catch (error) {
    if (redis === undefined || !error.problems?.some(({ path }) => path === "redis")) throw error;
    throw new Unavailable("This version of Postern has no option `redis` yet.");
  }
}
