import type { RawDatabase } from "./raw-database.ts";

/** Each query finds rows that cannot be, if every sign-in is written whole or not at all. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  "a user without an identity":
    "select id from postern_users u where not exists (select 1 from postern_identities i where i.user_id = u.id)",
  "an identity without a user":
    "select id from postern_identities i where not exists (select 1 from postern_users u where u.id = i.user_id)",
  "two identities of one person":
    "select min(id) as id from postern_identities group by provider, issuer, subject having count(*) > 1",
  "a user without a role":
    "select id from postern_users u where not exists (select 1 from postern_grants g where g.user_id = u.id)",
  "a role without a user":
    "select user_id as id from postern_grants g where not exists (select 1 from postern_users u where u.id = g.user_id)",
  "a session without a user":
    "select id from postern_sessions s where not exists (select 1 from postern_users u where u.id = s.user_id)",
  "a session without its identity": `
    select id from postern_sessions s where not exists
      (select 1 from postern_identities i where i.id = s.identity_id and i.user_id = s.user_id and i.provider = s.provider)`,
  "a session that was not told of exactly once": `
    select id from postern_sessions s where 1 <>
      (select count(*) from postern_audit a where a.action = 'login.succeeded' and a.target = s.id and a.actor = s.user_id)`,
  "a sign-in that was told of without its session": `
    select id from postern_audit a where action = 'login.succeeded'
      and not exists (select 1 from postern_sessions s where s.id = a.target)
      and not exists (select 1 from postern_audit e where e.action = 'session.ended' and e.target = a.target)`,
  "a user whose making was not told of exactly once": `
    select id from postern_users u where 1 <>
      (select count(*) from postern_audit a where a.action = 'user.created' and a.target = u.id)`,
  "a user that was told of and is not there": `
    select id from postern_audit a where action = 'user.created'
      and not exists (select 1 from postern_users u where u.id = a.target)`,
  "a role whose granting was not told of": `
    select user_id as id from postern_grants g where not exists
      (select 1 from postern_audit a where a.action = 'role.granted' and a.target = g.user_id)`,
};

/** Everything in the store that contradicts itself: what is wrong, and where. Empty is good. */
export async function contradictions(raw: RawDatabase): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(IMPOSSIBLE)) {
    for (const { id } of await raw.rows(sql)) found.push(`${what}: ${id}`);
  }
  return found;
}
