import { OWNER_LINK_PROVIDER } from "../model/owner-link.ts";
import type { Report } from "../model/rule-vocabulary.ts";
import type { PosternOptions } from "../options.ts";
import type { ProviderDefinition } from "../providers/definition.ts";

/** Reports what is wrong with `providers`, each with its own words; answers those that are some. */
export function checkProviders(
  value: PosternOptions["providers"],
  report: Report,
): PosternOptions["providers"] {
  if (!Array.isArray(value)) {
    report(
      "providers",
      "is not a list",
      "List at least one provider: providers: [google({ clientId, clientSecret })].",
    );
    return [];
  }
  if (value.length === 0) {
    report(
      "providers",
      "is empty, so nobody can sign in",
      'List at least one: import { google } from "postern/providers/google"; providers: [google({ clientId, clientSecret })].',
    );
  }
  const seen = new Set<string>();
  value.forEach((provider: unknown, index) => {
    const path = `providers[${index}]`;
    if (!isDefinition(provider)) {
      report(
        path,
        typeof provider === "function" ? "is a function that was not called" : "is not a provider",
        "Call it with its options: github({ clientId, clientSecret }).",
      );
      return;
    }
    for (const problem of provider.problems()) {
      report(problem.path === "" ? path : `${path}.${problem.path}`, problem.message, problem.fix);
    }
    if (seen.has(provider.id)) {
      report(
        `${path}.id`,
        `"${provider.id}" is used twice`,
        `Give one of them another: id: "${provider.id}-2".`,
      );
    }
    if (provider.id === OWNER_LINK_PROVIDER) {
      report(
        `${path}.id`,
        `"${provider.id}" is what sessions are said to come from that an owner link has opened`,
        `Choose another, such as id: "${provider.id}-2".`,
      );
    }
    seen.add(provider.id);
  });
  return definitionsIn(value);
}

/** What can be asked for an id; the rest is reported where it stands. */
export function definitionsIn(value: unknown): PosternOptions["providers"] {
  return Array.isArray(value) ? value.filter(isDefinition) : [];
}

function isDefinition(value: unknown): value is ProviderDefinition {
  return typeof value === "object" && value !== null && "problems" in value && "id" in value;
}
