import { ROUTES, type RouteName } from "../load/requests.ts";
import { signIn } from "../load/sign-in.ts";
import type { RunningServer } from "../server.ts";

/** Nobody before the first person that is measured. */
const CHECKED = [7, 8];

/**
 * Makes sure that what is measured is what it is said to be: without a session, or with one that is made up, nobody gets in
 * and no name is told; whoever signs in reads their own name and nobody else's. @throws Error
 */
export async function verifyGuards(server: RunningServer): Promise<void> {
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    await expectName(server, name, "", server.signIn === undefined ? "Person 0" : null);
  }
  if (server.signIn === undefined) return;
  const cookies = await Promise.all(
    CHECKED.map((person) => signIn(server.url, server.signIn ?? { method: "GET", path: "/" }, person)),
  );
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    for (const [index, cookie] of cookies.entries()) {
      await expectName(server, name, cookie, `Person ${CHECKED[index]}`);
      await expectName(server, name, madeUp(cookie), null);
    }
  }
}

/** The last of many who have signed in is really in: a sign-in that is refused costs less. @throws Error */
export async function verifyLast(server: RunningServer, cookies: readonly string[]): Promise<void> {
  const { path, headers } = ROUTES.json;
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    redirect: "manual",
    headers: { ...headers, cookie: cookies.at(-1) ?? "" },
  });
  await response.arrayBuffer();
  if (response.status !== 200)
    throw new Error(`${server.target.name}: somebody who had signed in was answered ${response.status}.`);
}

/** The same names, every value another: what somebody would send who has seen the names only. */
function madeUp(cookies: string): string {
  return cookies.replace(/=[^;]+/g, (value) => `=${"A".repeat(value.length - 1)}`);
}

async function expectName(
  { url, port, target }: RunningServer,
  name: RouteName,
  cookie: string,
  expected: string | null,
): Promise<void> {
  const { path, headers } = ROUTES[name];
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    redirect: "manual",
    headers: { ...headers, "accept-encoding": "identity", ...(cookie !== "" && { cookie }) },
  });
  const text = await response.text();
  const told = /Person \d+/.exec(text)?.[0] ?? null;
  const admitted = response.status === 200;
  if (told === expected && admitted === (expected !== null)) return;
  throw new Error(
    `${target.name}: ${url}${path} answered ${response.status} and ${told ?? "no name"}; expected ${expected ?? "nobody to be let in"}.`,
  );
}
