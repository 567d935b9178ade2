import { Hono } from "hono";
import { postern } from "../../dist/adapters/hono.js";
import { addRoutes, listen } from "../parts/hono-application.js";
import { openPostern, SIGN_IN } from "../parts/postern.js";

export async function start(settings) {
  const door = await openPostern(postern, settings);
  const app = new Hono();
  app.use(door.routes());
  addRoutes(app, [door.requireUser()], (c) => c.var.user.name);
  await listen(app, settings);
  return { signIn: SIGN_IN };
}
