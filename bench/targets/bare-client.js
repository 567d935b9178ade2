import { bareClient } from "../login/bare-client.ts";
import { listen } from "../parts/node-application.js";

/** The OAuth calls of a sign-in with bare `oauth4webapi`: the floor. Nobody is stored and nobody is signed in. */
export async function start(settings) {
  const { url, issuer, clientId, clientSecret } = settings;
  const callback = `${url}/callback`;
  const begin = await bareClient(issuer, { clientId, clientSecret, callback });
  const attempts = new Map();
  await listen(async (request, response) => {
    if (request.url === "/sign-in") {
      const attempt = await begin();
      attempts.set(attempt.authorize.searchParams.get("state"), attempt);
      response.writeHead(303, { location: attempt.authorize.href }).end();
      return;
    }
    const address = new URL(request.url, url);
    const state = address.searchParams.get("state");
    await attempts.get(state).finish(address);
    attempts.delete(state);
    response.writeHead(303, { location: "/orders" }).end();
  }, settings);
  return { signIn: { method: "GET", path: "/sign-in" } };
}
