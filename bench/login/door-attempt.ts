import type { Postern } from "../../src/index.ts";
import type { Attempt } from "./bare-client.ts";

/** Begins a login at the provider `corp`, as a browser does; `site` is the public address. */
export async function attemptAt(door: Pick<Postern, "handle">, site: string): Promise<Attempt> {
  const headers = { origin: site, "content-type": "application/x-www-form-urlencoded" };
  const request = new Request(`${site}/auth/sign-in/corp`, {
    method: "POST",
    headers,
    body: "return_to=%2F",
  });
  const started = await door.handle(request);
  const cookies = started?.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  return {
    authorize: new URL(started?.headers.get("location") ?? ""),
    async finish(callback) {
      const finished = await door.handle(
        new Request(callback, { headers: { cookie: cookies?.join("; ") ?? "" } }),
      );
      if (finished?.status !== 303) throw new Error(`The callback answered ${finished?.status}.`);
    },
  };
}
