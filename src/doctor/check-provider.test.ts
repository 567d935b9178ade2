import { afterAll, beforeAll, expect, test } from "vitest";
import { lookAlikeProviders } from "../../test/flows/look-alikes.ts";
import type { Log } from "../model/log.ts";
import { createOutbound } from "../oauth/outbound.ts";
import type { ProviderDefinition } from "../providers/definition.ts";
import { createApplicationKeys } from "../rehearsal/application-keys.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { checkProvider } from "./check-provider.ts";
import { en } from "./texts/en.ts";

let rehearsal: Rehearsal;
let definitions: readonly ProviderDefinition[];

beforeAll(async () => {
  rehearsal = await startRehearsal();
  definitions = await lookAlikeProviders(rehearsal);
});
afterAll(() => rehearsal?.close());

const KINDS = [
  "github",
  "google",
  "microsoft",
  "apple",
  "keycloak",
  "feishu",
  "dingtalk",
  "wecom",
  "wechat",
  "qq",
  "alipay",
  "gitee",
  "x-oauth1",
];

function definitionOf(id: string): ProviderDefinition {
  const found = definitions.find((definition) => definition.id === id);
  if (found === undefined) throw new Error(`there is no look-alike ${id}`);
  return found;
}

async function check(definition: ProviderDefinition) {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => void lines.push(line);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const outbound = createOutbound({ allowedHosts: new Set(definition.namedHosts()), now: Date.now, log });
  const redirectUri = `http://localhost:4180/auth/callback/${definition.id}`;
  const findings = await checkProvider(definition, { redirectUri, outbound, now: Date.now });
  await outbound.close();
  const told = findings.map((finding) => ({ ...finding, say: finding.say(en) }));
  return { findings, find: (name: string) => told.find(({ id }) => id === `${name}.${definition.id}`) };
}

test("every look-alike is checked", () => {
  expect(definitions.map(({ id }) => id).toSorted()).toEqual(KINDS.toSorted());
});

test.each(KINDS)("%s: its credentials are found right, and everything else too", async (id) => {
  const { findings, find } = await check(definitionOf(id));
  expect(find("client")).toMatchObject({ status: "ok" });
  const bad = findings.filter(({ id, status }) => !/^(callback|pkce)/.test(id) && !/ok|info/.test(status));
  expect(bad).toEqual([]);
});

test.each(KINDS)("%s: a wrong secret, or a wrong key, is found", async (id) => {
  const definition = definitionOf(id);
  const keys = createApplicationKeys();
  const [ec, rsa] = [(await keys.ec()).privateKey, (await keys.rsa()).privateKey];
  const { mintedSecret, signedGateway } = definition;
  const { find } = await check({
    ...definition,
    ...(mintedSecret === undefined && { clientSecret: () => "not-the-secret" }),
    ...(mintedSecret !== undefined && { mintedSecret: { ...mintedSecret, privateKey: () => ec } }),
    ...(signedGateway !== undefined && { signedGateway: { ...signedGateway, privateKey: () => rsa } }),
  });
  expect(find("client")).toMatchObject({ status: "fail", say: { title: en.secretWrong().title } });
});

test("a client that leaves its secret out is refused where one is wanted", async () => {
  const { find } = await check({ ...definitionOf("keycloak"), clientSecret: () => null });
  expect(find("client")?.status).toBe("fail");
});
