import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CommandSurroundings, runCommand } from "../../../test/support/command-line.ts";
import {
  answerJson,
  DISCOVERY,
  metadata,
  type ScriptedProvider,
  startScriptedProvider,
} from "../../../test/support/scripted-provider.ts";
import { listPresets } from "../../doctor/list-presets.ts";
import { type Rehearsal, startRehearsal } from "../../rehearsal/start-rehearsal.ts";

let folder: string;
let rehearsal: Rehearsal;
let provider: ScriptedProvider;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "postern-providers-"));
  rehearsal = await startRehearsal();
});
afterAll(async () => {
  await rehearsal?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  provider = await startScriptedProvider();
  provider.json(DISCOVERY, { ...metadata(provider.url), code_challenge_methods_supported: ["S256"] });
  provider.json("/token", { error: "invalid_grant" }, 400);
});
afterEach(() => provider.close());

interface Finding {
  readonly id: string;
  readonly provider: string;
  readonly status: string;
  readonly title: string;
  readonly evidence: readonly string[];
  readonly fix: { readonly text: string } | null;
}

/** A configuration with these providers, as JavaScript. It has no secret: nothing here seals anything. */
function configWith(providers: string, more = ""): string {
  const file = join(mkdtempSync(join(folder, "config-")), "postern.config.mjs");
  const names = ["oidc", "oauth2", "github", "x-oauth1", "wecom", "google"];
  const imports = names.map((name) => {
    const url = pathToFileURL(join(import.meta.dirname, `../../providers/${name}.ts`)).href;
    return `import * as ${name.replace("-", "_")} from ${JSON.stringify(url)};`;
  });
  writeFileSync(
    file,
    `${imports.join("\n")}
const client = { clientId: "back-office", clientSecret: "rehearsal-secret" };
export default { publicUrl: "http://localhost:4180", ${more} providers: [${providers}] };
`,
  );
  return file;
}

/** The scripted OpenID provider, as `corp`. */
function corp(issuer = provider.url, more = ""): string {
  return `oidc.oidc({ id: "corp", name: "Corp", issuer: ${JSON.stringify(issuer)}, ...client, ${more} })`;
}

async function check(config: string, words: readonly string[] = []) {
  const result = await runCommand(["providers", "check", ...words, "--json", "--config", config]);
  const document: { readonly ok: boolean; readonly findings: readonly Finding[] } = JSON.parse(result.stdout);
  const { ok, findings } = document;
  const find = (id: string) => findings.find((finding) => finding.id === id);
  return { ...result, ok, findings, find };
}

describe("postern providers list", () => {
  test("tells what is to be registered", async () => {
    const config = configWith(`${corp()}, wecom.wecom({ ...client, clientId: "ww1", agentId: 1 })`);
    const { code, stdout, stderr } = await runCommand(["providers", "list", "--json", "--config", config]);
    expect(code).toBe(0);
    expect(stderr).toBe("→ http://localhost:4180/auth (development)\n");
    expect(JSON.parse(stdout)).toMatchObject({
      items: [
        {
          id: "corp",
          kind: "oidc",
          name: { en: "Corp" },
          issuer: provider.url,
          callbackUrl: "http://localhost:4180/auth/callback/corp",
          register: "http://localhost:4180/auth/callback/corp",
          redirectRules: ["exact"],
          problems: [],
        },
        { id: "wecom", register: "localhost:4180", redirectRules: ["domain_only", "no_localhost"] },
      ],
    });
    expect(stdout).not.toContain("rehearsal-secret");
  });

  test("cuts nothing that is to be copied, and speaks the language of the terminal", async () => {
    const surroundings: CommandSurroundings = { columns: 40, env: { POSTERN_LANG: "zh-CN" } };
    const { stdout } = await runCommand(["providers", "list", "--config", configWith(corp())], surroundings);
    expect(stdout).toMatch(/回调地址 +http:\/\/localhost:4180\/auth\/callback\/corp\n/);
    expect(stdout).toContain("逐字符比较");
  });

  test("in a pipe has tabs, the id first", async () => {
    const { stdout } = await runCommand(["providers", "list", "--config", configWith(corp())]);
    expect(stdout.split("\t").slice(0, 3)).toEqual(["corp", "oidc", "Corp"]);
  });

  test("--presets needs no configuration and knows every preset", async () => {
    const { code, stdout, stderr } = await runCommand(["providers", "list", "--presets", "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { items } = JSON.parse(stdout) as { items: { name: string }[] };
    expect(items).toEqual(await listPresets());
    expect(items.find(({ name }) => name === "github")).toEqual({
      name: "github",
      kind: "oauth2",
      discovered: false,
      pkce: "S256",
      subject: "id",
      emailVerified: "yes",
      refresh: "rotates",
      membership: ["organization", "team"],
      signOut: false,
    });
    const lines = (await runCommand(["providers", "list", "--presets", "--jsonl"])).stdout.trim().split("\n");
    expect(lines).toHaveLength(items.length);
    const table = await runCommand(["providers", "list", "--presets"], { columns: 160 });
    expect(table.stdout).toMatch(/github +oauth2 +S256 +id +yes +yes, new each time +organization, team +no/);
  });
});

describe("postern providers check", () => {
  test("finds nothing at the rehearsal provider, its look-alike and a signed OAuth 1.0a request", async () => {
    const config = configWith(
      `oidc.oidc({ id: "rehearsal", name: "Rehearsal", issuer: ${JSON.stringify(rehearsal.url)}, ...client }),
       github.github({ baseUrl: ${JSON.stringify(rehearsal.githubUrl)}, ...client }),
       x_oauth1.xOauth1({ baseUrl: ${JSON.stringify(rehearsal.lookAlikes.oauth1)}, ...client }),
       wecom.wecom({ ...client, clientId: "ww1", agentId: 1, baseUrl: ${JSON.stringify(rehearsal.lookAlikes["app-token"])} })`,
    );
    const { find, findings } = await check(config);
    const bad = findings.filter(({ status }) => status === "fail" || status === "warn" || status === "skip");
    // The one provider of these that does not let anybody register this machine.
    expect(bad.map(({ id }) => id)).toEqual(["callback.wecom"]);
    const checks = (id: string) => findings.filter((one) => one.provider === id).map((one) => one.id);
    expect(checks("rehearsal")).toEqual(
      ["config", "callback", "discovery", "endpoints", "pkce", "keys", "clock", "client"].map(
        (name) => `${name}.rehearsal`,
      ),
    );
    expect(checks("github")).not.toContain("discovery.github");
    expect(find("client.github")?.evidence[0]).toContain("bad_verification_code");
    expect(find("client.wecom")?.status).toBe("ok");
    expect(find("client.x-oauth1")?.status).toBe("ok");
  });

  test("tells a wrong secret at each of them, and never prints it", async () => {
    const wrong = `{ clientId: "back-office", clientSecret: "another-secret-4711" }`;
    const config = configWith(
      `oidc.oidc({ id: "rehearsal", name: "Rehearsal", issuer: ${JSON.stringify(rehearsal.url)}, ...${wrong} }),
       github.github({ baseUrl: ${JSON.stringify(rehearsal.githubUrl)}, ...${wrong} }),
       x_oauth1.xOauth1({ baseUrl: ${JSON.stringify(rehearsal.lookAlikes.oauth1)}, ...${wrong} }),
       wecom.wecom({ ...${wrong}, clientId: "ww1", agentId: 1, baseUrl: ${JSON.stringify(rehearsal.lookAlikes["app-token"])} })`,
    );
    const { code, ok, find, stdout, stderr } = await check(config);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    for (const id of ["rehearsal", "github", "x-oauth1", "wecom"]) {
      expect(find(`client.${id}`), id).toMatchObject({
        status: "fail",
        title: expect.stringContaining("id or secret"),
      });
    }
    expect(find("client.github")?.fix?.text).toContain("GitHub");
    expect(stdout + stderr).not.toContain("another-secret-4711");
    expect(stderr).toContain("checks_failed");
  });

  test("sends another random code each time, and keeps a secret that the provider echoes to itself", async () => {
    provider.on("/token", ({ headers }, response) => {
      const [, secret = ""] = Buffer.from(String(headers.authorization).slice(6), "base64")
        .toString()
        .split(":");
      answerJson(response, { error: secret }, 400);
    });
    const config = configWith(corp());
    const first = await check(config);
    await check(config);
    expect(first.find("client.corp")?.status).toBe("skip");
    expect(first.stdout + first.stderr).not.toContain("rehearsal-secret");
    const codes = provider.requests
      .filter(({ method, path }) => method === "POST" && path === "/token")
      .map(({ body }) => new URLSearchParams(body).get("code"));
    expect(codes).toHaveLength(2);
    expect(new Set(codes).size).toBe(2);
    expect(codes[0]).toMatch(/^[\w-]{32,}$/);
  });

  test.each([
    ["a slash too many", (url: string) => `${url}/`, "slash", (url: string) => `issuer: "${url}"`],
    [
      "another host name",
      (url: string) => url.replace("127.0.0.1", "localhost"),
      "another issuer",
      (url: string) => `issuer: "${url}"`,
    ],
  ])("the right issuer is told: %s", async (_, written, title, fix) => {
    const { code, find } = await check(configWith(corp(written(provider.url))));
    expect(code).toBe(1);
    expect(find("discovery.corp")).toMatchObject({
      status: "fail",
      title: expect.stringContaining(title),
      fix: { text: expect.stringContaining(fix(provider.url)) },
    });
    expect(find("client.corp")).toMatchObject({ status: "skip" });
  });

  test.each([
    ["no PKCE is announced", "pkce", "warn", () => provider.json(DISCOVERY, metadata(provider.url))],
    ["there are no keys", "keys", "fail", () => provider.json("/jwks", { keys: [] })],
    [
      "the only key is for encryption",
      "keys",
      "fail",
      () => provider.json("/jwks", { keys: [{ kty: "RSA", use: "enc", n: "AQAB", e: "AQAB" }] }),
    ],
    ["the keys are not there", "keys", "fail", () => provider.json("/jwks", {}, 404)],
    ["there is no discovery document", "discovery", "fail", () => provider.json(DISCOVERY, {}, 404)],
    [
      "a page answers in its place",
      "discovery",
      "fail",
      () => provider.on(DISCOVERY, (_request, response) => void response.end("<html>")),
    ],
    [
      "only shared secrets sign",
      "discovery",
      "fail",
      () =>
        provider.json(DISCOVERY, {
          ...metadata(provider.url),
          id_token_signing_alg_values_supported: ["HS256"],
        }),
    ],
    [
      "an endpoint is missing",
      "discovery",
      "fail",
      () => provider.json(DISCOVERY, { ...metadata(provider.url), jwks_uri: undefined }),
    ],
    [
      "the client may not use codes",
      "client",
      "fail",
      () => provider.json("/token", { error: "unauthorized_client" }, 400),
    ],
    [
      "the callback is unknown",
      "client",
      "fail",
      () => provider.json("/token", { error: "redirect_uri_mismatch" }, 400),
    ],
    ["the token endpoint is broken", "client", "skip", () => provider.json("/token", {}, 500)],
    [
      "the code is not even looked at",
      "client",
      "skip",
      () => provider.json("/token", { error: "invalid_request" }, 400),
    ],
  ])("%s", async (_, name, status, arrange) => {
    arrange();
    const { code, find } = await check(configWith(corp()));
    expect(find(`${name}.corp`)?.status).toBe(status);
    expect(code).toBe(status === "fail" ? 1 : 0);
  });

  test.each([
    [0, "ok"],
    [-94, "fail"],
    [94, "fail"],
    [20, "warn"],
  ])("our clock is %i s off: %s", async (seconds, status) => {
    provider.on(DISCOVERY, (_request, response) => {
      response.setHeader("date", new Date(Date.now() - seconds * 1000).toUTCString());
      answerJson(response, { ...metadata(provider.url), code_challenge_methods_supported: ["S256"] });
    });
    const { find, code } = await check(configWith(corp()));
    expect(find("clock.corp")?.status).toBe(status);
    if (seconds !== 0) expect(find("clock.corp")?.title).toContain(seconds > 0 ? "ahead" : "behind");
    expect(code).toBe(status === "fail" ? 1 : 0);
  });

  test("a copy from a cache is as old as it says", async () => {
    provider.on(DISCOVERY, (_request, response) => {
      response.setHeader("date", new Date(Date.now() - 600_000).toUTCString());
      response.setHeader("age", "600");
      answerJson(response, metadata(provider.url));
    });
    expect((await check(configWith(corp()))).find("clock.corp")?.status).toBe("ok");
  });

  test("nobody answers: what cannot be told is skipped, not passed", async () => {
    await provider.close();
    const { code, find, findings } = await check(configWith(corp()));
    expect(code).toBe(1);
    expect(find("discovery.corp")).toMatchObject({
      status: "fail",
      evidence: [expect.stringContaining("connection_refused")],
    });
    const others = findings.filter(({ id }) => !/^(discovery|config|callback)\./.test(id));
    expect(others.map(({ status }) => status)).toEqual(others.map(() => "skip"));
    expect(others).toHaveLength(5);
  });

  test("nobody answers where endpoints are written down", async () => {
    const { url } = provider;
    await provider.close();
    const { find } = await check(
      configWith(
        `oauth2.oauth2({ id: "wiki", name: "Wiki", authorizationUrl: "${url}/a", tokenUrl: "${url}/t", userUrl: "${url}/u", fields: { subject: "id" }, ...client })`,
      ),
    );
    expect(find("client.wiki")?.status).toBe("fail");
    expect(find("clock.wiki")?.status).toBe("skip");
  });

  test("a client without a secret is known or not", async () => {
    const alone = `oidc.oidc({ id: "corp", name: "Corp", issuer: "${provider.url}", clientId: "a", clientAuthentication: "none" })`;
    const { find } = await check(configWith(alone));
    expect(find("client.corp")).toMatchObject({ status: "ok", title: expect.stringContaining("no secret") });
  });

  test("a configuration with mistakes is a finding, and nobody is asked", async () => {
    const { code, find } = await check(
      configWith(`oidc.oidc({ id: "corp", name: "Corp", issuer: "${provider.url}" })`),
    );
    expect(code).toBe(1);
    expect(find("config.corp")).toMatchObject({
      status: "fail",
      evidence: [expect.stringContaining("clientId"), expect.stringContaining("clientSecret")],
    });
    expect(find("client.corp")?.status).toBe("skip");
    expect(provider.requests).toEqual([]);
  });

  test("only the one that is asked for", async () => {
    const config = configWith(`${corp()}, github.github({ baseUrl: "http://localhost:1", ...client })`);
    const { code, findings } = await check(config, ["corp"]);
    expect(code).toBe(0);
    expect(new Set(findings.map(({ provider }) => provider))).toEqual(new Set(["corp"]));
  });

  test("for people: what needs them first, in their language", async () => {
    provider.json("/token", { error: "invalid_client" }, 401);
    const argv = ["providers", "check", "--config", configWith(corp())];
    const { code, stdout, stderr } = await runCommand(argv, { columns: 100, env: { POSTERN_LANG: "zh-CN" } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ client\.corp {2}提供方拒绝了客户端/);
    expect(stdout).toMatch(/解决 {2}身份提供方拒绝了该客户端/);
    expect(stdout).toContain("7 项检查通过");
    expect(stderr).toContain("1 项失败，0 项警告，0 项跳过");
    const all = await runCommand([...argv, "--verbose"], { columns: 100 });
    expect(all.stdout).toMatch(/^✓ keys\.corp +1 key can verify ID tokens$/m);
  });

  test("for programs: one finding a line, by id and status", async () => {
    const argv = ["providers", "check", "--config", configWith(corp())];
    const tabs = await runCommand(argv);
    expect(tabs.stdout).toMatch(/^client\.corp\tok\t/m);
    const lines = (await runCommand([...argv, "--jsonl"])).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toContain("clock.corp");
  });
});

describe("postern providers inspect", () => {
  const sample = (content: unknown): string => {
    const file = join(mkdtempSync(join(folder, "sample-")), "sample.json");
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };
  const ACCESS = `access: [
    { when: { emailDomain: "example.com" }, then: "allow", roles: ["admin"] },
    { when: { corp: { group: "ops" } }, then: "allow" },
    { when: { github: { team: "acme/ops" } }, then: "allow" },
  ],`;
  const config = () => configWith(`${corp()}, github.github({ ...client })`, ACCESS);

  async function inspect(id: string, content: unknown) {
    const argv = ["providers", "inspect", id, "--sample", sample(content), "--json", "--config", config()];
    const result = await runCommand(argv);
    const document = JSON.parse(result.stdout) as {
      readonly raw: readonly { path: string; value: unknown; mappedTo: string[] }[];
      readonly fields: readonly { field: string; value: unknown; note: string | null }[];
      readonly access: { readonly rules: readonly { matches: string }[]; readonly decision: object } | null;
    };
    const field = (name: string) => document.fields.find((one) => one.field === name);
    const raw = (path: string) => document.raw.find((one) => one.path === path);
    return { ...result, document, field, raw, matches: document.access?.rules.map(({ matches }) => matches) };
  }

  test("a plain answer: raw fields beside mapped ones, and the rules that match", async () => {
    const claims = {
      sub: "u1",
      name: "Ada",
      email: "ada@example.com",
      email_verified: true,
      groups: ["ops"],
    };
    const { code, raw, field, matches, document } = await inspect("corp", claims);
    expect(code).toBe(0);
    expect(raw("userInfo.sub")).toMatchObject({ value: "u1", mappedTo: ["subject"] });
    expect(raw("userInfo.email_verified")).toMatchObject({ value: true, mappedTo: ["emailVerified"] });
    expect(field("email")).toMatchObject({ value: "ada@example.com", note: null });
    expect(field("picture")).toMatchObject({ value: null, note: "missing" });
    expect(matches).toEqual(["yes", "yes", "no"]);
    expect(document.access?.decision).toMatchObject({
      outcome: "allow",
      rule: 0,
      roles: [{ role: "admin" }],
    });
    expect(document).toMatchObject({
      memberships: [
        { check: "group", groups: ["ops"] },
        { check: "role", groups: null },
      ],
    });
  });

  test("an e-mail that is not verified matches nothing; what must be asked depends", async () => {
    const { code, field, matches, document } = await inspect("corp", {
      idToken: { sub: "u1", email: "ada@example.com", email_verified: false },
    });
    expect(code).toBe(0);
    expect(field("emailVerified")).toMatchObject({ value: false, note: "unverified" });
    expect(matches).toEqual(["no", "depends", "no"]);
    expect(document.access?.decision).toMatchObject({ outcome: "deny", code: "email_unverified" });
    expect(provider.requests).toEqual([]);
  });

  test.each([
    ["no id", { login: "ada" }, "subject_missing"],
    ["null", { id: null, login: "ada" }, "subject_missing"],
    ["an object", { id: {}, login: "ada" }, "subject_invalid"],
  ])(
    "without an id nobody is recognised, and the rest is shown all the same: %s",
    async (_, answer, reason) => {
      const { code, stderr, document, field } = await inspect("github", answer);
      expect(code).toBe(1);
      expect(stderr).toContain("nobody_recognised");
      expect(document).toMatchObject({ ok: false, reason, access: null });
      expect(field("subject")).toMatchObject({ value: null });
      expect(field("handle")).toMatchObject({ value: "ada" });
    },
  );

  test("several answers, ids beyond 2^53, and tokens that are shown to nobody", async () => {
    const text = `{ "answers": { "user": { "id": 9007199254740993, "login": "ada", "access_token": "canary-1" },
      "emails": [{ "email": "ada@example.com", "primary": true, "verified": true }] },
      "tokenResponse": { "access_token": "canary-2", "scope": "user:email" } }`;
    const { code, field, raw, matches, stdout } = await inspect("github", text);
    expect(code).toBe(0);
    expect(field("subject")?.value).toBe("9007199254740993");
    expect(field("emailVerified")?.value).toBe(true);
    expect(raw("answers.emails[0].email")?.mappedTo).toEqual(["email"]);
    expect(matches).toEqual(["yes", "no", "depends"]);
    expect(stdout).not.toContain("canary");
  });

  test("for people, in both languages", async () => {
    const argv = [
      "providers",
      "inspect",
      "github",
      "--sample",
      sample({ id: 1, login: "ada" }),
      "--config",
      config(),
    ];
    const english = await runCommand(argv, { columns: 120, env: { NO_COLOR: "1" } });
    expect(english.stdout).toMatch(/^answers\.user\.id +1 +subject$/m);
    expect(english.stdout).toMatch(/^email +– +no rule and no owner by e-mail can match$/m);
    expect(english.stdout).toContain("access[2]  depends on what the provider answers");
    expect(english.stdout).toContain("may not enter: not_allowed");
    const chinese = await runCommand(argv, { columns: 120, env: { POSTERN_LANG: "zh-CN" } });
    expect(chinese.stdout).toContain("不能进入：not_allowed");
  });

  test("what the options of the provider refuse is told", async () => {
    const file = sample({ sub: "1", hd: "elsewhere.example" });
    const google = configWith(`google.google({ ...client, hostedDomain: "example.com" })`);
    const argv = ["providers", "inspect", "google", "--sample", file, "--config", google];
    expect((await runCommand(argv)).stdout).toContain("hosted_domain");
  });

  test.each([
    ["{", "not_json"],
    ["[]", "not_an_object"],
    ['"text"', "not_an_object"],
    ['{ "idToken": "eyJ.eyJ.sig" }', "token_in_place_of_claims"],
  ])("%s is no sample: %s", async (text, fault) => {
    const argv = ["providers", "inspect", "corp", "--sample", sample(text), "--json", "--config", config()];
    const { code, stdout } = await runCommand(argv);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ code: "sample_invalid", fault });
  });
});

describe("wrong usage", () => {
  test.each([
    [["inspect"], 2, "missing_argument"],
    [["inspect", "corp"], 2, "--sample <file>"],
    [["inspect", "corp", "--sample", "no-such-file.json"], 2, "sample_invalid"],
    [["inspect", "copr", "--sample", "x.json"], 4, 'Did you mean "corp"?'],
    [["check", "copr"], 4, "provider_not_found"],
    [["check", "corp", "more"], 2, "unexpected_argument"],
    [["list", "corp"], 2, "unexpected_argument"],
    [["check", "--presets"], 2, "unknown_option"],
    [["chekc"], 2, "postern providers check"],
  ])("%j is exit code %i", async (words, code, hint) => {
    const result = await runCommand(["providers", ...words, "--config", configWith(corp())]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(hint);
  });

  test("without a configuration, or with one that is broken elsewhere, is exit code 3", async () => {
    const missing = await runCommand(["providers", "check", "--config", join(folder, "missing.mjs")]);
    expect(missing.code).toBe(3);
    const broken = await runCommand([
      "providers",
      "check",
      "--config",
      configWith(corp(), `mountPath: "auth",`),
    ]);
    expect(broken).toMatchObject({ code: 3, stdout: "" });
    expect(broken.stderr).toContain("mountPath");
  });
});
