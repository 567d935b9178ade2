import { addressToRegister } from "../../doctor/checks/callback-rules.ts";
import { listPresets, type Preset } from "../../doctor/list-presets.ts";
import { textsOf } from "../../doctor/texts/texts-of.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import { configuredProviders } from "../configured-providers.ts";
import type { Invocation } from "../invocation.ts";
import { labelled } from "../output.ts";

/** `postern providers list`: those of the application, or with `--presets` all that there are. */
export async function run(invocation: Invocation): Promise<void> {
  if (invocation.flags.presets) showPresets(invocation, await listPresets());
  else await showInstances(invocation);
}

async function showInstances(invocation: Invocation): Promise<void> {
  const { definitions, callbackOf } = await configuredProviders(invocation);
  const items = definitions.map((definition) => describe(definition, callbackOf(definition)));
  const { out } = invocation;
  if (out.json) out.answer({ items }, "");
  else if (out.jsonl) for (const item of items) out.jsonLine(item);
  else if (out.terminal) out.print(items.map((item) => asText(invocation, item)).join("\n\n"));
  else out.table([], items.map(forPrograms));
}

type Item = ReturnType<typeof describe>;

/** An instance as `--json` shows it. */
function describe(definition: ProviderDefinition, callbackUrl: string) {
  const { id, kind, name, issuer, clientId, guide, membership = {} } = definition;
  const redirectRules = guide?.redirectRules ?? [];
  return {
    id,
    kind,
    name,
    issuer,
    clientId,
    callbackUrl,
    register: addressToRegister(callbackUrl, redirectRules),
    redirectRules,
    where: guide?.register ?? null,
    membership: Object.keys(membership),
    problems: definition.problems(),
  };
}

/** What is to be copied must not be cut, so each has a block of its own. */
function asText({ words, locale, out }: Invocation, item: Item): string {
  const { labels, untold } = words.providers;
  const { rules } = textsOf(locale);
  const asks = item.membership.map((check) => `{ ${item.id}: { ${check}: "…" } }`).join(", ");
  return labelled(out, [
    [labels.id, item.id],
    [labels.kind, item.kind],
    [labels.name, item.name[locale]],
    [labels.issuer, item.issuer],
    [labels.callback, item.callbackUrl],
    ...(item.register === item.callbackUrl ? [] : [[labels.register, item.register] as const]),
    [labels.rules, item.redirectRules.map((rule) => rules[rule]).join("; ") || untold],
    [labels.where, item.where ?? untold],
    [labels.asks, asks || untold],
  ]);
}

function forPrograms({ id, kind, name, issuer, callbackUrl, redirectRules }: Item): readonly string[] {
  return [id, kind, name.en, issuer, callbackUrl, redirectRules.join(",")];
}

function showPresets(invocation: Invocation, presets: readonly Preset[]): void {
  const { out } = invocation;
  if (out.json) out.answer({ items: presets }, "");
  else if (out.jsonl) for (const preset of presets) out.jsonLine(preset);
  else presetTable(invocation, presets);
}

function presetTable(invocation: Invocation, presets: readonly Preset[]): void {
  const { out, words } = invocation;
  const { name, kind, pkce, subject, emailVerified, refresh, membership, signOut } = words.providers.headings;
  out.table(
    [name, kind, pkce, subject, emailVerified, refresh, membership, signOut],
    presets.map((preset) => (out.terminal ? presetForPeople(invocation, preset) : presetForPrograms(preset))),
  );
}

function presetForPeople({ words }: Invocation, preset: Preset): readonly string[] {
  const { yes, no, untold, emailWords, refreshWords } = words.providers;
  return [
    preset.name,
    preset.kind,
    preset.pkce,
    preset.subject ?? untold,
    preset.emailVerified === null ? untold : emailWords[preset.emailVerified],
    refreshWords[preset.refresh],
    preset.membership.join(", ") || no,
    preset.signOut ? yes : no,
  ];
}

function presetForPrograms(preset: Preset): readonly string[] {
  const { name, kind, pkce, subject, emailVerified, refresh, membership, signOut } = preset;
  return [
    name,
    kind,
    pkce,
    subject ?? "",
    emailVerified ?? "",
    refresh,
    membership.join(","),
    String(signOut),
  ];
}
