import { createServer } from "node:http";
import fastify from "fastify";
import { postern } from "../../dist/adapters/node.js";
import { addRoutes } from "../parts/fastify-application.js";
import { openPostern, SIGN_IN } from "../parts/postern.js";

/** By the adapter for `node:http`, under Fastify's own request and answer. */
export async function start(settings) {
  const door = await openPostern(postern, settings);
  const guard = door.requireUser();
  const app = fastify({ serverFactory: (handler) => createServer(door.listener(handler)) });
  app.decorateRequest("user", null);
  const requireUser = async (request, reply) => {
    const principal = await guard(request.raw, reply.raw);
    if (principal === null) return reply.hijack();
    request.user = principal.user;
  };
  addRoutes(app, [requireUser], (request) => request.user.name);
  await app.listen({ port: settings.port, host: "127.0.0.1" });
  return { signIn: SIGN_IN };
}
