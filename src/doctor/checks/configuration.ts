import type { ProviderDefinition } from "../../providers/definition.ts";
import type { Outcome } from "../finding.ts";

/** Whether the options of the provider are complete. */
export function checkConfiguration(definition: ProviderDefinition): Outcome {
  const problems = definition.problems();
  if (problems.length === 0) {
    return { status: "ok", evidence: [], say: (texts) => texts.configurationFine() };
  }
  return {
    status: "fail",
    evidence: problems.map(({ path, message }) => (path === "" ? message : `${path} ${message}`)),
    say: (texts) =>
      texts.configurationWrong(
        problems.length,
        problems.map(({ fix }) => fix),
      ),
  };
}
