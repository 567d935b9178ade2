import express from "express";
import { postern } from "../../dist/adapters/express.js";
import { addRoutes } from "../parts/express-application.js";
import { listen } from "../parts/node-application.js";
import { openPostern, SIGN_IN } from "../parts/postern.js";

export async function start(settings) {
  const door = await openPostern(postern, settings);
  const app = express();
  app.use(door.routes());
  addRoutes(app, door.requireUser(), (req) => req.user.name);
  await listen(app, settings);
  return { signIn: SIGN_IN };
}
