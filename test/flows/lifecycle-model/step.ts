import fc from "fast-check";
import {
  type Name,
  PEOPLE,
  PROVIDERS,
  type Provider,
  SETTINGS,
  type Setting,
  STORED_ROLES,
} from "./house.ts";

/** Whatever can happen to people and to what is decided about them; those that lead to others come more often. */
export const VERBS = [
  ...["arrive", "arrive", "arrive", "arrive-invited", "arrive-invited", "link", "link", "unlink", "unlink"],
  ...[
    "suspend",
    "suspend",
    "reactivate",
    "reactivate",
    "delete",
    "delete",
    "restore",
    "restore",
    "merge",
    "merge",
    "merge",
  ],
  ...["grant", "grant", "revoke", "promise", "promise", "withdraw", "withdraw", "pass-time", "sweep"],
  ...["invite", "invite", "revoke-invitation", "ask", "ask", "ask", "ask"],
  ...["approve", "approve", "decline", "decline", "reopen", "reopen"],
  ...["make-role", "change-role", "remove-role", "add-rule", "add-rule", "switch-rule", "remove-rule"],
] as const;

/** What somebody does to somebody. */
export interface Step {
  readonly verb: (typeof VERBS)[number];
  readonly name: Name;
  readonly provider: Provider;
  /** The other one, where it takes two. */
  readonly other: Name;
  /** Who does it; `null` = somebody on the server. */
  readonly by: Name | null;
  readonly role: "owner" | "admin" | (typeof STORED_ROLES)[number];
  /** Until some day only. */
  readonly ends: boolean;
  /** Picks among the accounts that the person has had, deleted ones included. */
  readonly whose: number;
  /** Picks among invitations, requests, rules and the like. */
  readonly which: number;
}

/** Steps that happen at the same moment, by as many actors, while the configuration is this one. */
export interface Round {
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

const step = fc.record<Step>({
  verb: fc.constantFrom(...VERBS),
  name: fc.constantFrom(...PEOPLE),
  provider: fc.constantFrom(...PROVIDERS),
  other: fc.constantFrom(...PEOPLE),
  // Mostly those who may: what is refused leads nowhere.
  by: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constant("ada" as const) },
    { weight: 2, arbitrary: fc.constantFrom(...PEOPLE) },
  ),
  role: fc.constantFrom("owner", "admin", ...STORED_ROLES),
  ends: fc.boolean(),
  whose: fc.nat(3),
  which: fc.nat(7),
});

const setting = fc.oneof(
  { weight: 4, arbitrary: fc.constant("usual" as const) },
  fc.constantFrom(...SETTINGS),
);
const steps = fc.oneof(
  fc.array(step, { minLength: 1, maxLength: 1 }),
  fc.array(step, { minLength: 2, maxLength: 4 }),
);

export const script = fc.array(fc.record<Round>({ setting, steps }), {
  minLength: 1,
  maxLength: 16,
  size: "max",
});

const USUAL: Step = {
  ...{ verb: "arrive", name: "ada", provider: "rehearsal", other: "ada", by: null },
  ...{ role: "admin", ends: false, whose: 0, which: 0 },
};

/** How each script begins: ada is an owner, bo an administrator, both are here, and
 * there is a role to give. */
export const OPENING: readonly Round[] = [
  { ...USUAL },
  { ...USUAL, verb: "promise" as const, name: "bo" as const },
  { ...USUAL, name: "bo" as const },
  { ...USUAL, verb: "make-role" as const },
].map((one) => ({ setting: "usual", steps: [one] }));
