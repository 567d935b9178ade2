import fastify from "fastify";
import { addRoutes } from "../parts/fastify-application.js";
import { SOMEBODY } from "../parts/person.js";

export async function start({ port }) {
  const app = fastify();
  addRoutes(app, [], () => SOMEBODY);
  await app.listen({ port, host: "127.0.0.1" });
  return {};
}
