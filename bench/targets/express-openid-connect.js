import express from "express";
import openidConnect from "express-openid-connect";
import { addRoutes } from "../parts/express-application.js";
import { listen } from "../parts/node-application.js";

const { auth, requiresAuth } = openidConnect;

/** Sessions in an encrypted cookie, which is the default. */
export async function start(settings) {
  const { url, issuer, clientId, clientSecret } = settings;
  const app = express();
  app.use(
    auth({
      authRequired: false,
      baseURL: url,
      issuerBaseURL: issuer,
      clientID: clientId,
      clientSecret,
      secret: "only-for-the-benchmark-0123456789-abcdefgh",
      authorizationParams: { response_type: "code", scope: "openid profile email" },
    }),
  );
  addRoutes(app, requiresAuth(), (req) => req.oidc.user.name);
  await listen(app, settings);
  return { signIn: { method: "GET", path: "/login" } };
}
