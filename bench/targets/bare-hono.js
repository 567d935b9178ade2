import { Hono } from "hono";
import { addRoutes, listen } from "../parts/hono-application.js";
import { SOMEBODY } from "../parts/person.js";

export async function start(settings) {
  const app = new Hono();
  addRoutes(app, [], () => SOMEBODY);
  await listen(app, settings);
  return {};
}
