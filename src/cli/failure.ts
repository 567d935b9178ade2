import type { Words } from "./words/en.ts";

/** What can go wrong and the exit code that tells it. Published: scripts depend on both. */
export const EXIT_CODES = {
  server_error: 1,
  port_unavailable: 1,
  checks_failed: 1,
  rows_refused: 1,
  file_unreadable: 1,
  file_unusable: 1,
  nobody_recognised: 1,

  unknown_command: 2,
  missing_command: 2,
  unknown_option: 2,
  missing_value: 2,
  unexpected_value: 2,
  missing_argument: 2,
  unexpected_argument: 2,
  invalid_argument: 2,
  unknown_filter: 2,
  unknown_role: 2,
  unknown_permission: 2,
  sample_invalid: 2,
  role_invalid: 2,
  draft_invalid: 2,
  rule_invalid: 2,

  config_missing: 3,
  config_invalid: 3,

  user_not_found: 4,
  user_ambiguous: 4,
  provider_not_found: 4,
  invite_unknown: 4,
  request_not_found: 4,
  rule_not_found: 4,
  role_not_found: 4,
  api_key_not_found: 4,
  event_not_found: 4,
  identity_not_found: 4,

  last_owner: 5,
  last_identity: 5,
  merge_refused: 5,
  would_lock_out: 5,
  rule_locked: 5,
  role_locked: 5,
  role_exists: 5,
  role_in_use: 5,
  owner_exists: 5,
  not_usable_owner: 5,
  request_decided: 5,
  key_refused: 5,
  invite_over: 5,
  file_exists: 5,
  confirmation_required: 5,
  confirmation_refused: 5,

  migrations_pending: 6,
  rules_changed: 6,

  store_unavailable: 7,

  interrupted: 130,
} as const;

export type FailureCode = keyof typeof EXIT_CODES;

/** A sentence in whatever language is asked for. */
type Say = (words: Words) => string;

interface FailureOptions {
  /** What helps to go on: lines for people. */
  readonly hint?: Say;
  /** The same for programs, beside the code. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** The document for programs is written already, and says it all. */
  readonly isAnswered?: boolean;
}

/** Ends a command; `say` is what went wrong, in one sentence. */
export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly code: FailureCode;
  readonly say: Say;
  readonly hint: Say | null;
  readonly more: Readonly<Record<string, unknown>>;
  readonly isAnswered: boolean;

  constructor(code: FailureCode, say: Say, { hint, more, cause, isAnswered }: FailureOptions = {}) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.say = say;
    this.hint = hint ?? null;
    this.more = more ?? {};
    this.isAnswered = isAnswered ?? false;
  }
}
