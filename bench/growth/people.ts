import { sha256 } from "../../src/crypto/hash.ts";
import { idFloor } from "../../src/crypto/random.ts";
import { searchWords } from "../../src/storage/search-words.ts";

const DAY = 24 * 60 * 60_000;
const FIRST_NAMES = ["Ada", "Bo", "Chen", "Dana", "Emre", "Fatima", "Goran", "Hana", "Ines", "Jun"];
const LAST_NAMES = ["Berg", "Costa", "Marsh", "Nakamura", "Okafor", "Singh", "Vogel", "Zhang", "Ponte"];
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const SALT = "only for the benchmark: ";

/** The secret of the session of person `n`: made from the number, so that nobody has to keep a million of them. */
export function secretOf(n: number): string {
  return sha256(`${SALT}${n}`);
}

export function isSuspended(n: number): boolean {
  return n % 50 === 7;
}

/**
 * Statements that put person 0 to `count` - 1 there, with all that is kept of somebody who has signed in once and has been
 * indexed. One in fifty is suspended, one in fifty a lead and nobody both; the last tenth comes from another company, one
 * after the other. For both engines; `hashed` is `sha256`, as a function of the database.
 */
export function insertPeople(count: number, now: number): readonly string[] {
  const id = (prefix: `${string}_`) =>
    `'${idFloor(prefix, now)}' || substr(cast(10000000000000000 + n as text), 2)`;
  const name = `${oneOf(FIRST_NAMES, "n % 10")} || ' ' || ${oneOf(LAST_NAMES, "(n / 10) % 9")} || ' ' || n`;
  const domain = `case when n >= ${count * 0.9} then 'newcomers' else 'demo' end || '.example'`;
  const status = "case when n % 50 = 7 then 'suspended' else 'active' end";
  const people = `with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n + 1 < ${count}),
    people as (select n, ${id("usr_")} as id, ${id("ses_")} as session, ${id("idn_")} as identity, ${id("aud_")} as event,
      ${name} as name, 'person-' || n as mailbox, ${domain} as domain, ${status} as status,
      ${now} - (${count} - n) * 10 as at from numbers)`;
  const email = "mailbox || '@' || domain";
  const words = [
    "lower(name)",
    "lower(substr(name, length(name) - length(LAST || ' ' || n) + 1))".replace(
      "LAST",
      oneOf(LAST_NAMES, "(n / 10) % 9"),
    ),
    "cast(n as text)",
    email,
    "n || '@' || domain",
    "domain",
  ];
  return [
    `insert into postern_users (id, name, name_folded, email, email_folded, picture, status, created_at, last_sign_in_at,
        indexed_name, indexed_email, indexed_status)
      ${people} select id, name, lower(name), ${email}, ${email}, 'https://pictures.demo.example/u/100000000000000001001',
        status, at, at, lower(name), ${email}, status from people`,
    ...words.map(
      (word) => `insert into postern_user_words (user_id, word) ${people} select id, ${word} from people`,
    ),
    ...["member", "lead"].map(
      (role) => `insert into postern_grants (user_id, role, source, created_at, user_status)
        ${people} select id, '${role}', 'rule', at, status from people where '${role}' = 'member' or n % 50 = 3`,
    ),
    `insert into postern_identities (id, user_id, provider, issuer, subject, email, created_at, last_used_at)
      ${people} select identity, id, 'corp', 'http://localhost:3001', 'subject-' || n, ${email}, at, at from people`,
    `insert into postern_sessions (id, user_id, secret_hash, provider, identity_id, created_at, authenticated_at,
        last_seen_at, expires_at, user_agent, address)
      ${people} select session, id, hashed(hashed('${SALT}' || n)), 'corp', identity, at, ${now}, ${now}, ${now + 7 * DAY},
        '${USER_AGENT}', '203.0.113.7' from people`,
    `insert into postern_audit (id, at, action, actor, target, address, detail)
      ${people} select event, at, 'login.succeeded', id, id, '203.0.113.7', '{}' from people`,
  ];
}

/** The words of somebody who is there, as the product would have written them. */
export function expectedWords(name: string, email: string): readonly string[] {
  return searchWords(name, email).toSorted();
}

function oneOf(values: readonly string[], index: string): string {
  return `case ${index} ${values.map((value, n) => `when ${n} then '${value}'`).join(" ")} end`;
}
