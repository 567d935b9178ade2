import { afterEach, beforeEach, expect, test } from "vitest";
import {
  CANARIES,
  NOW,
  recordingLog,
  type ScriptedProvider,
  START,
  startScriptedProvider,
} from "../../test/support/scripted-provider.ts";
import { createOutbound, type Outbound } from "../oauth/outbound.ts";
import { connect } from "./connect.ts";
import { gitlab } from "./gitlab.ts";
import type { Provider } from "./provider.ts";

const CLIENT = { clientId: "client-1", clientSecret: CANARIES.clientSecret };

let server: ScriptedProvider;
let outbound: Outbound;

beforeEach(async () => {
  server = await startScriptedProvider();
  server.claims({ sub: "4421", name: undefined, groups_direct: ["acme/ops"] });
  server.json("/userinfo", {
    sub: "4421",
    name: "Ana Li",
    nickname: "ana",
    preferred_username: "ana",
    email: "ana@example.com",
    email_verified: true,
    picture: "https://gitlab.example/a.png",
    groups: ["acme", "acme/ops"],
  });
  outbound = createOutbound({ allowedHosts: new Set([server.host]), now: () => NOW, log: recordingLog() });
});

afterEach(async () => {
  await outbound.close();
  await server.close();
});

function connected(): Provider {
  // With the slash that people copy along.
  const definition = gitlab({ ...CLIENT, baseUrl: `${server.url}/` });
  return connect(definition, { outbound, now: () => NOW, log: recordingLog() });
}

test("the way there", async () => {
  const { url } = await connected().start(START);
  expect(url.href.replace(server.url, "")).toMatchInlineSnapshot(
    `"/authorize?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fadmin.example.com%2Fauth%2Fcallback%2Fcorp&scope=openid%20profile%20email&state=S8x2pQ7mZr41LkT0aBcDeFgHiJkLmNoP&nonce=n0Kf3vB9sT6uY2hQ&code_challenge=D9vY0wYht_m9fcKMXViZkOLTRUori5lbLXF4PA4QfDs&code_challenge_method=S256"`,
  );
});

test("somebody arrives, with groups from userinfo", async () => {
  const parameters = new URLSearchParams({ code: CANARIES.code, state: START.state });
  expect(await connected().finish({ ...START, parameters })).toMatchObject({
    kind: "arrived",
    userInfo: {
      issuer: server.url,
      subject: "4421",
      handle: "ana",
      name: "Ana Li",
      email: "ana@example.com",
      emailVerified: true,
      claims: { groups: ["acme", "acme/ops"], groups_direct: ["acme/ops"] },
    },
  });
  expect(
    new URLSearchParams(server.requests.find(({ path }) => path === "/token")?.body).get("client_secret"),
  ).toBe(CLIENT.clientSecret);
});

test("gitlab.com unless told otherwise", () => {
  expect(gitlab(CLIENT)).toMatchObject({ id: "gitlab", issuer: "https://gitlab.com" });
  expect(gitlab(CLIENT).problems()).toEqual([]);
  expect(gitlab(CLIENT).namedHosts()).toEqual([]);
  expect(gitlab({ ...CLIENT, baseUrl: "https://git.example.com" }).namedHosts()).toEqual([
    "git.example.com:443",
  ]);
  expect(gitlab({ ...CLIENT, baseUrl: "https://git.example.com/gitlab/" }).issuer).toBe(
    "https://git.example.com/gitlab",
  );
});

test("mistakes are told", () => {
  const found = gitlab({
    id: "Git Lab",
    clientId: "",
    clientSecret: "xxxx",
    baseUrl: "git.example.com",
    scopes: ["a b"],
  });
  expect(found.problems().map(({ path }) => path)).toEqual([
    "id",
    "clientId",
    "clientSecret",
    "baseUrl",
    "scopes[0]",
  ]);
});
