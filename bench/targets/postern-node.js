import { postern } from "../../dist/adapters/node.js";
import { listen, nodeApplication } from "../parts/node-application.js";
import { openPostern, SIGN_IN } from "../parts/postern.js";

export async function start(settings) {
  const door = await openPostern(postern, settings);
  const guard = door.requireUser();
  const nameOf = async (request, response) => (await guard(request, response))?.user.name ?? null;
  await listen(door.listener(nodeApplication(nameOf)), settings);
  return { signIn: SIGN_IN };
}
