/** Writes `docs/providers/README.md`: one line for every preset, made of the definitions themselves. */

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type PresetFacts, presetFacts } from "../src/doctor/preset-facts.ts";
import type { ProviderDefinition } from "../src/providers/definition.ts";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = join(ROOT, "src/providers");
export const TABLE_PATH = join(ROOT, "docs/providers/README.md");

/** Files beside the presets: the contract and what makes it work. */
const NO_PRESETS = new Set(["connect", "definition", "hooks", "provider"]);

/** A file of `src/providers` and what it exports at run time. */
export interface PresetFile {
  /** `google` */
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Loads every preset, sorted by name. */
export async function loadPresets(): Promise<readonly PresetFile[]> {
  const names = readdirSync(SOURCES)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -3))
    .filter((name) => !NO_PRESETS.has(name))
    .sort();
  return Promise.all(
    names.map(async (name) => ({ name, exports: await import(`../src/providers/${name}.ts`) })),
  );
}

/** The definition of a preset, made with sample options: enough to be looked at. */
export function sampleOf({ name, exports }: PresetFile): ProviderDefinition {
  const [preset] = Object.values(exports).filter((value) => typeof value === "function");
  if (preset === undefined) throw new Error(`src/providers/${name}.ts exports no preset.`);
  const generic = GENERIC_NAMES[name];
  return preset({ ...SAMPLE, ...(generic === undefined ? {} : { id: name, name: generic }) });
}

const GENERIC_NAMES: Readonly<Record<string, string>> = {
  oidc: "Any OpenID Connect provider",
  oauth2: "Any OAuth 2.0 provider",
  oauth1: "Any OAuth 1.0a provider",
};

const SAMPLE = {
  clientId: "client-1",
  clientSecret: "sample-secret",
  issuer: "https://sso.example.com",
  baseUrl: "https://sso.example.com",
  domain: "sso.example.com",
  authorizationUrl: "https://sso.example.com/authorize",
  requestTokenUrl: "https://sso.example.com/request_token",
  tokenUrl: "https://sso.example.com/token",
  userUrl: "https://sso.example.com/user",
  fields: { subject: "id" },
  tenant: "11111111-2222-4333-8444-555555555555",
  realm: "staff",
  region: "eu-central-1",
  userPoolId: "eu-central-1_Sample",
  corpId: "ww0000000000000000",
  agentId: "1000002",
  teamId: "TEAM000000",
  keyId: "KEY0000000",
};

/** The page. */
export function providerTable(presets: readonly PresetFile[]): string {
  const rows = presets.map((preset) => row(preset.name, sampleOf(preset)));
  return `# Providers

Every preset is one file, imported as \`postern/providers/<name>\`. Each page says where to register, what may be asked
and what usually goes wrong. How to write another one: [authoring.md](authoring.md). This table is made from the
definitions: \`npx node scripts/provider-table.ts\`.

| provider | kind | PKCE | subject | e-mail verified | refresh | membership | sign-out there |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}

- **kind**: \`oidc\` finds its endpoints by discovery unless it says "fixed"; \`oauth2\` and \`oauth1\` ask who it is.
- **subject**: what people are recognised by.
- **refresh**: whether a refresh token can be had, and whether each use gives a new one.
- **membership**: what access rules can ask, such as \`{ github: { team: "acme/ops" } }\`.
`;
}

function row(name: string, definition: ProviderDefinition): string {
  const facts = presetFacts(definition);
  const cells = [
    `[${definition.name.en}](${name}.md)`,
    facts.kind === "oidc" && !facts.discovered ? "oidc, fixed" : facts.kind,
    facts.pkce,
    facts.subject === null ? "" : `\`${facts.subject}\``,
    facts.emailVerified === null ? "" : EMAIL_WORDS[facts.emailVerified],
    REFRESH_WORDS[facts.refresh],
    facts.membership.map((check) => `\`${check}\``).join(", ") || "none",
    facts.signOut ? "yes" : "no",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const EMAIL_WORDS = { yes: "yes", no: "no", sometimes: "sometimes", no_email: "no e-mail" } as const;

const REFRESH_WORDS: Readonly<Record<PresetFacts["refresh"], string>> = {
  no: "no",
  yes: "yes",
  rotates: "yes, a new one each time",
  stays: "yes, stays the same",
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(TABLE_PATH, providerTable(await loadPresets()));
}
