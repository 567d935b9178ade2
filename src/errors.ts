/**
 * The closed table of what can go wrong, in one place: the HTTP status, whose turn it is, and nothing else.
 * What people read stands in `i18n/` under the same code, so that a code without a text does not compile.
 */

/** Who can do something about it: the person in front of the screen, the administrator, the provider, or us; nobody need where it passes by itself. */
export type Turn = "person" | "administrator" | "provider" | "us" | "nobody";

interface ErrorRow {
  readonly status: number;
  readonly turn: Turn;
}

export const ERRORS = {
  // Doors and guards
  authentication_required: { status: 401, turn: "person" },
  permission_denied: { status: 403, turn: "administrator" },
  no_role: { status: 403, turn: "administrator" },
  api_key_invalid: { status: 401, turn: "administrator" },
  cross_origin: { status: 403, turn: "person" },
  not_found: { status: 404, turn: "person" },
  method_not_allowed: { status: 405, turn: "person" },
  request_too_large: { status: 413, turn: "person" },
  unsupported_media_type: { status: 415, turn: "person" },
  request_incomplete: { status: 400, turn: "person" },
  request_malformed: { status: 400, turn: "person" },
  audience_not_allowed: { status: 422, turn: "administrator" },
  unknown_provider: { status: 404, turn: "person" },
  rate_limited: { status: 429, turn: "nobody" },

  // The callback
  callback_invalid: { status: 400, turn: "person" },
  state_mismatch: { status: 400, turn: "person" },
  access_denied_by_user: { status: 403, turn: "person" },
  provider_unavailable: { status: 503, turn: "provider" },
  provider_rejected: { status: 502, turn: "administrator" },
  provider_untrusted: { status: 502, turn: "provider" },
  clock_skew: { status: 502, turn: "administrator" },
  no_identifier: { status: 502, turn: "administrator" },
  ended_at_provider: { status: 403, turn: "person" },

  // Calls to a provider on somebody's behalf
  token_gone: { status: 403, turn: "person" },

  // May they enter
  not_allowed: { status: 403, turn: "administrator" },
  email_unverified: { status: 403, turn: "person" },
  suspended: { status: 403, turn: "administrator" },
  pending_approval: { status: 403, turn: "administrator" },
  request_declined: { status: 403, turn: "administrator" },

  // Somebody who is signed in confirms that it is them
  step_up_required: { status: 403, turn: "person" },
  step_up_failed: { status: 403, turn: "person" },

  // The accounts that somebody signs in with
  identity_taken: { status: 409, turn: "administrator" },
  identity_not_found: { status: 404, turn: "person" },
  last_identity: { status: 409, turn: "person" },
  merge_refused: { status: 409, turn: "administrator" },

  // Invitations
  invite_unknown: { status: 404, turn: "person" },
  invite_expired: { status: 410, turn: "administrator" },
  invite_used: { status: 409, turn: "person" },
  invite_revoked: { status: 410, turn: "administrator" },
  invite_not_for_you: { status: 403, turn: "person" },

  // People and roles
  user_not_found: { status: 404, turn: "administrator" },
  api_key_not_found: { status: 404, turn: "administrator" },
  session_not_found: { status: 404, turn: "person" },
  unknown_role: { status: 422, turn: "administrator" },
  unknown_permission: { status: 422, turn: "administrator" },
  rule_invalid: { status: 422, turn: "administrator" },
  rule_not_found: { status: 404, turn: "administrator" },
  rule_locked: { status: 409, turn: "administrator" },
  rules_changed: { status: 412, turn: "administrator" },
  would_lock_out: { status: 409, turn: "administrator" },
  role_invalid: { status: 422, turn: "administrator" },
  role_exists: { status: 409, turn: "administrator" },
  role_locked: { status: 409, turn: "administrator" },
  role_in_use: { status: 409, turn: "administrator" },
  last_owner: { status: 409, turn: "administrator" },
  request_not_found: { status: 404, turn: "administrator" },
  request_decided: { status: 409, turn: "administrator" },
  owner_exists: { status: 409, turn: "administrator" },
  not_usable_owner: { status: 409, turn: "administrator" },
  owner_link_invalid: { status: 410, turn: "administrator" },

  // Ours
  store_unavailable: { status: 503, turn: "us" },
  migrations_pending: { status: 503, turn: "administrator" },
  shutting_down: { status: 503, turn: "nobody" },
  seal_invalid: { status: 400, turn: "person" },
  server_error: { status: 500, turn: "us" },
} as const satisfies Record<string, ErrorRow>;

/** A stable code; once published it keeps its meaning. */
export type ErrorCode = keyof typeof ERRORS;

/**
 * Thrown for what cannot be gone on from.
 * `message` and `cause` are for logs and the audit log; neither ever reaches a page.
 */
export class PosternError extends Error {
  override readonly name = "PosternError";
  readonly code: ErrorCode;
  /** A finer reason for the administrator, such as `nonce_mismatch`. Never a secret, never the provider's free text. */
  readonly reason: string | null;
  /** Every mistake in what was written, each at its place; empty for most errors. */
  readonly problems: readonly ConfigProblem[];
  /** Milliseconds after which it may work; `null` = not known. */
  readonly retryAfter: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      reason?: string;
      problems?: readonly ConfigProblem[];
      retryAfter?: number | null;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason ?? null;
    this.problems = options.problems ?? [];
    this.retryAfter = options.retryAfter ?? null;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** One mistake in the configuration, or in a rule, and how to mend it. */
export interface ConfigProblem {
  /** Where: `publicUrl`, `providers[1].clientId`. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly #problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ path, message, fix }) => `  ${path}: ${message}\n    Fix: ${fix}`);
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(`The configuration has ${count}:\n${lines.join("\n")}`);
    this.#problems = problems;
  }

  /** Not a field: an error that ends the process would be printed with every problem twice. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }
}
