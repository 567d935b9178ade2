import type { Log } from "../model/log.ts";
import type { Report } from "../model/rule-vocabulary.ts";
import type { OwnerName, PosternOptions } from "../options.ts";
import type { ProviderDefinition } from "../providers/definition.ts";

/** Takes the entries of `owners` apart and reports those by which nobody could ever be recognised. */
export function checkOwners(
  value: unknown,
  options: PosternOptions,
  log: Log,
  report: Report,
): readonly OwnerName[] {
  const providers = options.providers.map(({ id }) => id);
  const example = `${providers[0] ?? "google"}:ada@example.com`;
  if (value !== undefined && !Array.isArray(value)) {
    report("owners", "is not a list", `Write owners: ["${example}"].`);
    return [];
  }
  return (value ?? []).flatMap((entry: unknown, index) => {
    const path = `owners[${index}]`;
    if (typeof entry !== "string" || entry.trim() === "") {
      report(path, "is not a text", `Write "<provider>:<subject or e-mail>", such as "${example}".`);
      return [];
    }
    const colon = entry.indexOf(":");
    const owner =
      colon === -1
        ? { provider: null, who: entry.trim() }
        : { provider: entry.slice(0, colon).trim(), who: entry.slice(colon + 1).trim() };
    if (owner.provider === null && !owner.who.includes("@")) {
      report(
        path,
        `"${entry}" names no provider`,
        `Write "<provider>:<subject or e-mail>", such as "${providers[0] ?? "google"}:${likelySubject(entry, options.providers[0])}".`,
      );
    } else if (owner.who === "") {
      report(
        path,
        `"${entry}" names nobody`,
        `Write "<provider>:<subject or e-mail>", such as "${example}".`,
      );
    } else if (owner.provider !== null && !providers.includes(owner.provider)) {
      report(
        path,
        `names the provider "${owner.provider}", which is not configured`,
        `Configured are: ${providers.join(", ") || "none"}.`,
      );
    } else if (owner.provider !== null) {
      const provider = options.providers.find(({ id }) => id === owner.provider);
      checkSubject(owner.who, provider, (...told) => report(path, ...told));
    } else if (providers.length > 1) {
      log.warn(
        { owner: entry, write: `${providers[0]}:${entry}` },
        "owners: an e-mail counts from every provider that verifies it; with several providers name one",
      );
    }
    return owner;
  });
}

/** A login name where the provider counts people would be an owner whom nobody ever is. */
function checkSubject(
  who: string,
  provider: ProviderDefinition | undefined,
  report: (message: string, fix: string) => void,
): void {
  if (provider === undefined || who.includes("@") || likelySubject(who, provider) === who) return;
  const { id, name, subjectShape } = provider;
  report(
    `"${who}" is not an id of ${name.en}, so nobody could ever match`,
    `Write the id, such as "${id}:${subjectShape?.example}", or an e-mail that it verifies: "${id}:ada@example.com".`,
  );
}

/** What was written, or an example when subjects of this provider look different. */
function likelySubject(who: string, provider: ProviderDefinition | undefined): string {
  const shape = provider?.subjectShape;
  return shape === undefined || shape.pattern.test(who) ? who : shape.example;
}
