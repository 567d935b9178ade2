import { listen, nodeApplication } from "../parts/node-application.js";
import { SOMEBODY } from "../parts/person.js";

export async function start(settings) {
  await listen(
    nodeApplication(() => SOMEBODY),
    settings,
  );
  return {};
}
