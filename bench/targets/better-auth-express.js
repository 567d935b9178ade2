import { fromNodeHeaders, toNodeHandler } from "better-auth/node";
import express from "express";
import { openBetterAuth, SIGN_IN } from "../parts/better-auth.js";
import { addRoutes } from "../parts/express-application.js";
import { listen } from "../parts/node-application.js";

export async function start(settings) {
  const { auth, populate } = await openBetterAuth(settings);
  const app = express();
  app.all("/api/auth/{*path}", toNodeHandler(auth));
  const requireUser = async (req, res, next) => {
    const session = await auth.api.getSession({ headers: fromNodeHeaders(req.headers) });
    if (session === null) return res.status(401).json({ error: "Sign in first." });
    req.user = session.user;
    next();
  };
  addRoutes(app, requireUser, (req) => req.user.name);
  await listen(app, settings);
  return { signIn: SIGN_IN, populate };
}
