import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { ProviderDefinition } from "../../providers/definition.ts";
import { adviceFor } from "../advice.ts";
import { connectionTrouble, evidenceOf, type ToldTrouble } from "../connection-trouble.ts";
import type { Outcome, Say } from "../finding.ts";

/** Says that discovery works, with what it told. */
export function discoveryWorks(issuer: string, algorithms: readonly string[]): Outcome {
  return {
    status: "ok",
    evidence: [issuer, algorithms.join(" ")],
    say: (texts) => texts.discovered(),
  };
}

/** Says what is wrong with discovery and what mends it. Throws on what is a defect of ours. */
export function discoveryTrouble(definition: ProviderDefinition, error: unknown): Outcome {
  if (!(error instanceof OAuthFailure)) throw error;
  return (
    connectionTrouble(error) ?? {
      status: "fail",
      evidence: [evidenceOf(error)],
      say: explain(error),
      advice: error.reason === "issuer_mismatch" ? null : adviceFor(definition, error),
    }
  );
}

function explain({ reason, detail }: ToldTrouble): Say {
  switch (reason) {
    case "issuer_mismatch":
      return explainIssuer(String(detail.configured), detail.announced);
    case "discovery_status":
      return (texts) => texts.discoveryStatus(Number(detail.status));
    case "metadata_invalid":
      return (texts) => texts.metadataInvalid(String(detail.member));
    case "no_usable_algorithm":
      return (texts) => texts.noAlgorithm();
    default:
      return (texts) => texts.answerRefused(reason);
  }
}

function explainIssuer(configured: string, announced: unknown): Say {
  if (typeof announced !== "string") return (texts) => texts.issuerUntold();
  const onlySlash = announced.replace(/\/$/, "") === configured.replace(/\/$/, "");
  return (texts) => (onlySlash ? texts.issuerSlash(announced) : texts.issuerOther(announced));
}
