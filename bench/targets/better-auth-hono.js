import { Hono } from "hono";
import { openBetterAuth, SIGN_IN } from "../parts/better-auth.js";
import { addRoutes, listen } from "../parts/hono-application.js";

export async function start(settings) {
  const { auth, populate } = await openBetterAuth(settings);
  const app = new Hono();
  app.on(["GET", "POST"], "/api/auth/*", (c) => auth.handler(c.req.raw));
  const requireUser = async (c, next) => {
    const session = await auth.api.getSession({ headers: c.req.raw.headers });
    if (session === null) return c.json({ error: "Sign in first." }, 401);
    c.set("user", session.user);
    await next();
  };
  addRoutes(app, [requireUser], (c) => c.get("user").name);
  await listen(app, settings);
  return { signIn: SIGN_IN, populate };
}
