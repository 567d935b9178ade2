import { sha256 } from "../../src/crypto/hash.ts";
import { idFloor } from "../../src/crypto/random.ts";
import { searchWords } from "../../src/storage/search-words.ts";

/** Where everybody here has signed in. */
const PLACE = { provider: "corp", issuer: "http://localhost:3001" };
const DAY = 24 * 60 * 60_000;
const FIRST_NAMES = ["Ada", "Bo", "Chen", "Dana", "Emre", "Fatima", "Goran", "Hana", "Ines", "Jun"];
const LAST_NAMES = ["Berg", "Costa", "Marsh", "Nakamura", "Okafor", "Singh", "Vogel", "Zhang", "Ünal"];
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

export type Value = string | number | null;

/** A row for each table, its columns by name. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, Value>>[]>>;

/** The secret of the session of person `n`: made from the number, so that nobody has to keep a million of them. */
export function secretOf(n: number): string {
  return sha256(`only for the benchmark: ${n}`);
}

export function isSuspended(n: number): boolean {
  return n % 50 === 7;
}

/**
 * Person `n` of `count` with all that is kept of somebody who has signed in once. One in fifty is suspended, one in fifty
 * a lead and nobody both; the last tenth comes from another company, one after the other.
 */
export function rowsOf(n: number, count: number, now: number): Rows {
  const at = now - (count - n) * 10;
  const id = (prefix: `${string}_`) => idFloor(prefix, at) + String(n).padStart(16, "0");
  const [user, session, identity] = [id("usr_"), id("ses_"), id("idn_")];
  const name = `${FIRST_NAMES[n % 10]} ${LAST_NAMES[Math.floor(n / 10) % 9]} ${n}`;
  const email = `person-${n}@${n >= count * 0.9 ? "newcomers" : "demo"}.example`;
  const status = isSuspended(n) ? "suspended" : "active";
  const grant = { user_id: user, source: "rule", created_at: at, user_status: status };
  return {
    postern_users: [
      {
        id: user,
        name,
        name_folded: name.toLowerCase(),
        email,
        email_folded: email,
        picture: "https://pictures.demo.example/u/100000000000000001001",
        status,
        created_at: at,
        last_sign_in_at: at,
        indexed_name: name.toLowerCase(),
        indexed_email: email,
        indexed_status: status,
      },
    ],
    postern_user_words: searchWords(name, email).map((word) => ({ user_id: user, word })),
    postern_grants: ["member", ...(n % 50 === 3 ? ["lead"] : [])].map((role) => ({ ...grant, role })),
    postern_identities: [
      {
        id: identity,
        user_id: user,
        ...PLACE,
        subject: `subject-${n}`,
        email,
        created_at: at,
        last_used_at: at,
      },
    ],
    postern_sessions: [
      {
        id: session,
        user_id: user,
        secret_hash: sha256(secretOf(n)),
        provider: PLACE.provider,
        identity_id: identity,
        created_at: at,
        authenticated_at: now,
        last_seen_at: now,
        expires_at: now + 7 * DAY,
        user_agent: USER_AGENT,
        address: "203.0.113.7",
      },
    ],
    postern_audit: [
      {
        id: id("evt_"),
        at,
        action: "login.succeeded",
        actor: user,
        target: user,
        address: "203.0.113.7",
        detail: "{}",
      },
    ],
  };
}
