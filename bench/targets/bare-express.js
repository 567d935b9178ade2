import express from "express";
import { addRoutes } from "../parts/express-application.js";
import { listen } from "../parts/node-application.js";
import { SOMEBODY } from "../parts/person.js";

export async function start(settings) {
  const app = express();
  addRoutes(app, [], () => SOMEBODY);
  await listen(app, settings);
  return {};
}
