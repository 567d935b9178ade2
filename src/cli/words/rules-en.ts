import type { ListedRule } from "../../model/listed-rule.ts";

/** What the commands about access rules that are kept in the database say, in English. */
export const rules = {
  headings: {
    rule: "RULE",
    source: "FROM",
    state: "STATE",
    then: "THEN",
    roles: "ROLES",
    when: "WHEN",
    note: "NOTE",
    created: "WRITTEN",
    changed: "CHANGED",
  },
  sources: { config: "configuration", database: "database" } satisfies Record<ListedRule["source"], string>,
  states: { on: "on", off: "off", broken: "broken" },
  someBroken:
    "A broken rule names something that is gone. It lets nobody in and still keeps out. See: postern rules show <rule>",
  unreadable: "What stands in the database cannot be read as a rule. It keeps everybody out.",
  would: "Would be done. Nothing was changed.",
  nothing: "It is so already; nothing changes.",
  question: "This changes who may enter.",
  done: (id: string) => `Done: ${id}. It counts at the next sign-in; nobody is signed out by it.`,
  invalid: "This makes no sense as a rule:",
  notFound: "There is no such rule. All of them: postern rules list",
  locked: "Refused: this rule stands in the configuration. Change it there.",
  changedMeanwhile: "Somebody else has changed the rules or roles meanwhile; nothing was changed. Try again.",
  wouldLockOut: (owners: string) =>
    `Refused: it would no longer be certain that these owners can sign in: ${owners}`,
  wouldLockOutHint: "Another owner is certain to come in. If that is meant, repeat it with --yes.",
  lastOwner: "Refused: with these rules no owner would be certain to sign in.",
  lastOwnerHint: "Put a rule in front that lets an owner in, or name one in `owners` of the configuration.",
};
