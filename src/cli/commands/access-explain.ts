import type { Arrival } from "../../access/decide-access.ts";
import { type AccessExplanation, explainAccess } from "../../access/explain-access.ts";
import { inspectSample } from "../../doctor/inspect-sample.ts";
import { tryAccess } from "../../doctor/try-access.ts";
import type { User } from "../../model/user.ts";
import type { ExplainedAccount } from "../../rules/rule-verbs.ts";
import { configuredProviders, findProvider } from "../configured-providers.ts";
import { explanationText } from "../explanation-text.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { findPerson, nameOf } from "../people.ts";
import { policyInForce } from "../policy-in-force.ts";
import { printable } from "../printable.ts";
import { readSavedSample } from "../saved-sample.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** `postern access explain <who>`, or with `--sample <file>` for a saved answer of a provider. */
export async function run(invocation: Invocation): Promise<void> {
  const [who] = invocation.operands;
  const { sample } = invocation.flags;
  if (who !== undefined && sample === undefined) {
    await withPostern(invocation, (office) => explainPerson(invocation, office, who));
  } else if (who === undefined && sample !== undefined) {
    await explainSample(invocation, sample);
  } else {
    throw new CliFailure("missing_argument", (words) => words.access.whoOrSample);
  }
}

/** As far as it is kept: claims and memberships only a sign-in tells. */
async function explainPerson(invocation: Invocation, { door }: Office, who: string): Promise<void> {
  const user = await findPerson(door, who);
  const accounts = (await door.rules.explain(user.id)) ?? [];
  const wanted = invocation.flags.provider;
  const meant = accounts.filter(({ arrival }) => wanted === undefined || arrival.provider === wanted);
  if (meant.length === 0) {
    throw new CliFailure("user_not_found", (words) => words.access.noAccount(nameOf(user), wanted ?? null));
  }
  show(invocation, user, meant);
}

async function explainSample(invocation: Invocation, file: string): Promise<void> {
  const { settings, definitions } = await configuredProviders(invocation);
  const [only, ...others] = definitions.map(({ id }) => id);
  const id = invocation.flags.provider ?? (others.length === 0 ? only : undefined);
  if (id === undefined) {
    const known = definitions.map((definition) => definition.id).join(", ");
    throw new CliFailure("missing_argument", (words) => words.access.whichProvider(known));
  }
  const definition = findProvider(definitions, id);
  const sources = readSavedSample(file, definition);
  const { userInfo, reason } = inspectSample(definition, sources);
  if (userInfo === null) {
    throw new CliFailure("nobody_recognised", (words) => words.providers.nobody(reason ?? ""));
  }
  const policy = await policyInForce(invocation, settings);
  const { facts } = await tryAccess(policy, definition, sources, userInfo);
  // What the sample does not tell of, the provider is asked at a sign-in.
  const told = facts.filter(({ answer }) => answer !== "cannot_tell");
  const arrival: Arrival = { provider: id, userInfo, facts: told, directRoles: [] };
  show(invocation, null, [{ arrival, explanation: explainAccess(policy, arrival) }]);
}

function show({ out, words }: Invocation, user: User | null, explained: readonly ExplainedAccount[]): void {
  const isSuspended = user?.status === "suspended";
  const blocks = explained.map(
    ({ arrival, explanation }) => `${accountText(arrival, words)}\n${explanationText(words, explanation)}`,
  );
  out.answer(
    {
      user: user && { id: user.id, name: user.name, email: user.email, status: user.status },
      accounts: explained.map(({ arrival, explanation }) => asDocument(arrival, explanation)),
    },
    [...(isSuspended ? [words.access.suspended] : []), ...blocks].join("\n\n"),
  );
}

function accountText({ provider, userInfo }: Arrival, { users }: Invocation["words"]): string {
  const { subject, email, emailVerified } = userInfo;
  const verified = emailVerified === true ? users.verified : users.unverified;
  return printable(`${provider}:${subject}${email === null ? "" : `, ${email} (${verified})`}`);
}

function asDocument({ provider, userInfo }: Arrival, explanation: AccessExplanation): object {
  const { issuer = null, subject, email, emailVerified } = userInfo;
  const { rules, ...rest } = explanation;
  return {
    provider,
    issuer,
    subject,
    email,
    emailVerified,
    ...rest,
    rules: rules.map(({ rule, ...told }) => ({ ...rule, ...told })),
  };
}
