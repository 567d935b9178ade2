import type { Store } from "../../src/model/store.ts";
import type { UserListQuery } from "../../src/model/user.ts";

const LIMIT = 50;
/** Whatever else the machine does can only add to one of them, and does so for some seconds: all are asked in turn. */
const PASSES = 4;
const TIMES = 3;

/** What people look for; each from the first page, from the middle and near the end. */
export const FILTERS: Readonly<Record<string, Omit<UserListQuery, "limit" | "after">>> = {
  everybody: {},
  "status:active": { status: "active" },
  "status:suspended": { status: "suspended" },
  "role:member": { role: "member" },
  "role:lead": { role: "lead" },
  "role:member status:suspended": { role: "member", status: "suspended" },
  "role:lead status:suspended (nobody)": { role: "lead", status: "suspended" },
  "zzz (nobody)": { text: "zzz" },
  ada: { text: "ada" },
  "person (everybody)": { text: "person" },
  "newcomers (the last tenth)": { text: "newcomers" },
  "person-99 (one in ninety)": { text: "person-99" },
  "9 (every ninth)": { text: "9" },
  "person-777 (one)": { text: "person-777@" },
  "ada role:lead": { text: "ada", role: "lead" },
  "chen status:suspended": { text: "chen", status: "suspended" },
  "chen role:member status:suspended": { text: "chen", role: "member", status: "suspended" },
  "newcomers role:lead": { text: "newcomers", role: "lead" },
  "zhang role:lead status:suspended (nobody)": { text: "zhang", role: "lead", status: "suspended" },
};

/** Milliseconds that a page takes: for each filter the slowest of its pages, by the best time of each. */
export async function measureList(
  { users }: Pick<Store, "users">,
  places: readonly (string | undefined)[],
): Promise<Readonly<Record<string, number>>> {
  const best: Record<string, number[]> = Object.fromEntries(
    Object.keys(FILTERS).map((name) => [name, places.map(() => Number.POSITIVE_INFINITY)]),
  );
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [name, filter] of Object.entries(FILTERS)) {
      const pages = best[name] ?? [];
      for (const [place, after] of places.entries()) {
        for (let time = 0; time < TIMES; time++) {
          const began = performance.now();
          await users.list({ ...filter, limit: LIMIT, ...(after !== undefined && { after }) });
          pages[place] = Math.min(pages[place] ?? Number.NaN, performance.now() - began);
        }
      }
    }
  }
  return Object.fromEntries(Object.entries(best).map(([name, pages]) => [name, Math.max(...pages)]));
}
