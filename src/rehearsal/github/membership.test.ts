import { afterAll, beforeAll, expect, test } from "vitest";
import { pickPersona, REHEARSAL_SECRET, type Rehearsal, startRehearsal } from "../index.ts";

const redirectUri = "http://127.0.0.1:5999/auth/callback/github";
let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());

async function signIn(persona: string, scope = "read:user read:org"): Promise<string> {
  const oauth = `${rehearsal.githubUrl}/login/oauth`;
  const query = new URLSearchParams({ client_id: "Iv1.demo", redirect_uri: redirectUri, scope });
  const callback = await pickPersona(`${oauth}/authorize?${query}`, persona);
  const body = new URLSearchParams({
    client_id: "Iv1.demo",
    client_secret: REHEARSAL_SECRET,
    code: callback.searchParams.get("code") ?? "",
  });
  const headers = { accept: "application/json" };
  const response = await fetch(`${oauth}/access_token`, { method: "POST", body, headers });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function api(path: string, token: string) {
  const address = path.startsWith("http") ? path : `${rehearsal.githubUrl}/api/v3${path}`;
  const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  return {
    status: response.status,
    next: /<([^>]*)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1] ?? null,
    body: await response.json(),
  };
}

test("organisations and teams of a person", async () => {
  const token = await signIn("grace");
  expect((await api("/user/orgs", token)).body).toMatchObject([{ login: "acme" }, { login: "globex" }]);
  const teams = await api("/user/teams?per_page=100", token);
  expect(teams).toMatchObject({
    next: null,
    body: [
      { slug: "ops", organization: { login: "acme" } },
      { slug: "core", organization: { login: "globex" } },
    ],
  });
});

test("long lists run over pages, and each page leads to the next", async () => {
  const token = await signIn("zoe");
  const sizes: number[] = [];
  let last: { slug: string } | undefined;
  let next: string | null = "/user/teams?per_page=100";
  while (next !== null) {
    const page = await api(next, token);
    const teams = page.body as { slug: string }[];
    sizes.push(teams.length);
    last = teams.at(-1);
    next = page.next;
  }
  expect(sizes).toEqual([100, 100, 50]);
  expect(last?.slug).toBe("ops");
  expect((await api("/user/teams", token)).body).toHaveLength(30);
  expect((await api("/user/teams?per_page=1000&page=3", token)).body).toHaveLength(50);
});

test("one membership is 200 or 404", async () => {
  const token = await signIn("ada");
  expect(await api("/user/memberships/orgs/acme", token)).toMatchObject({
    status: 200,
    body: { state: "active", organization: { login: "acme" } },
  });
  expect((await api("/user/memberships/orgs/globex", token)).status).toBe(404);
  expect((await api("/orgs/acme/teams/ops/memberships/ada-marsh", token)).status).toBe(200);
  expect((await api("/orgs/acme/teams/support/memberships/ada-marsh", token)).status).toBe(404);
});

test("without the scope, organisations are hidden and teams forbidden", async () => {
  const token = await signIn("ada", "read:user");
  expect(await api("/user/orgs", token)).toMatchObject({ status: 200, body: [] });
  expect((await api("/user/teams", token)).status).toBe(403);
  expect((await api("/user/memberships/orgs/acme", token)).status).toBe(403);
});

test("who leaves a team is not listed any more", async () => {
  const bo = rehearsal.personas.find(({ id }) => id === "bo");
  if (bo === undefined) throw new Error("bo is missing");
  const token = await signIn("bo");
  expect((await api("/user/teams", token)).body).toHaveLength(1);
  rehearsal.setPersona({ ...bo, memberships: undefined });
  expect((await api("/user/teams", token)).body).toEqual([]);
});
