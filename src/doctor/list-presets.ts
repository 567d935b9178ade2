import { readdirSync } from "node:fs";
import type { ProviderDefinition } from "../providers/definition.ts";
import { type PresetFacts, presetFacts } from "./preset-facts.ts";

/** A preset of this package. */
export interface Preset extends PresetFacts {
  /** As it is imported: `postern/providers/{name}`. */
  readonly name: string;
}

const FOLDER = new URL("../providers/", import.meta.url);
/** Files beside the presets: the contract and what makes it work. */
const NO_PRESETS: ReadonlySet<string> = new Set(["connect", "definition", "hooks", "provider"]);

/** Every preset that this package has, by name: the folder is the list, so that a new one needs no other file. */
export async function listPresets(): Promise<readonly Preset[]> {
  const files = readdirSync(FOLDER).filter((file) => /^[\w-]+\.[jt]s$/.test(file));
  const names = files.map((file) => file.slice(0, -3)).filter((name) => !NO_PRESETS.has(name));
  const presets = await Promise.all(names.toSorted().map(load));
  return presets.filter((preset) => preset !== null);
}

async function load(name: string): Promise<Preset | null> {
  // The same ending as this file: `.ts` as it is written, `.js` as it is built.
  const ending = import.meta.url.slice(-3);
  const exports: Readonly<Record<string, unknown>> = await import(new URL(name + ending, FOLDER).href);
  const make = Object.values(exports).find((value) => typeof value === "function");
  if (make === undefined) return null;
  // Without options it is of no use, but tells all the same what kind of place it is.
  const definition: ProviderDefinition = make({});
  return { name, ...presetFacts(definition) };
}
