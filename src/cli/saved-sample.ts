import { readFileSync } from "node:fs";
import { readSample } from "../doctor/sample.ts";
import type { ProviderDefinition, Sources } from "../providers/definition.ts";
import { CliFailure } from "./failure.ts";

/** Reads what somebody saved of a provider's answers. @throws CliFailure `sample_invalid` */
export function readSavedSample(file: string, definition: ProviderDefinition): Sources {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new CliFailure("sample_invalid", (words) => words.providers.sampleUnreadable(file), { cause });
  }
  const sample = readSample(text, definition);
  if (!("fault" in sample)) return sample;
  throw new CliFailure("sample_invalid", (words) => words.providers.sampleFaults[sample.fault](file), {
    hint: (words) => words.providers.sampleHint,
    more: { fault: sample.fault },
  });
}
