import type { Localized } from "./localized.ts";
import { type Memberships, NO_MEMBERSHIPS, TOO_MANY_TEAMS } from "./memberships.ts";

/** A person of the rehearsal. Subject and GitHub id never change, so that a second sign-in meets the same user. */
export interface Persona {
  /** What the picker posts: `ada`. */
  readonly id: string;
  /** `null` = the person gave no name. */
  readonly name: string | null;
  readonly email: string | null;
  /** What the provider vouches for; without an e-mail it says nothing. */
  readonly emailVerified: boolean;
  /** The `sub` of OpenID Connect: a decimal too large for a JavaScript number, as some real ones are. */
  readonly subject: string;
  readonly github: { readonly id: number; readonly login: string };
  /** One line for the picker. */
  readonly about: Localized;
  /** What the person belongs to. Default: the demo company, and nothing in it. */
  readonly memberships?: Memberships | undefined;
}

/** The people in the picker, in its order. */
export const PERSONAS: readonly Persona[] = [
  {
    id: "ada",
    name: "Ada Marsh",
    email: "ada@demo.example",
    emailVerified: true,
    subject: "100000000000000001001",
    github: { id: 1001, login: "ada-marsh" },
    about: { en: "Owner of the demo back office", "zh-CN": "演示后台的所有者" },
    memberships: {
      company: "demo",
      teams: ["acme/ops", "acme/leads"],
      departments: [1, 2],
      roles: ["admin"],
    },
  },
  {
    id: "grace",
    name: "Grace Holm",
    email: "grace@demo.example",
    emailVerified: true,
    subject: "100000000000000001002",
    github: { id: 1002, login: "grace-holm" },
    about: { en: "Administrator", "zh-CN": "管理员" },
    memberships: { company: "demo", teams: ["acme/ops", "globex/core"], departments: [2], roles: ["lead"] },
  },
  {
    id: "bo",
    name: "Bo Lund",
    email: "bo@demo.example",
    emailVerified: true,
    subject: "100000000000000001003",
    github: { id: 1003, login: "bolund" },
    about: { en: "Member", "zh-CN": "普通成员" },
    memberships: { company: "demo", teams: ["acme/support"], departments: [3], roles: ["support"] },
  },
  {
    id: "mallory",
    name: "Mallory Finch",
    email: "mallory@elsewhere.example",
    emailVerified: true,
    subject: "100000000000000001004",
    github: { id: 1004, login: "mallory" },
    about: { en: "From another company: admitted nowhere", "zh-CN": "外部公司的人：任何地方都不放行" },
    memberships: { company: "elsewhere", teams: ["initech/ops"], departments: [2], roles: [] },
  },
  {
    id: "liwei",
    name: "李伟",
    email: "liwei@demo.example",
    emailVerified: true,
    subject: "100000000000000001005",
    github: { id: 1005, login: "liwei" },
    about: { en: "Member with a Chinese name", "zh-CN": "使用中文姓名的成员" },
    memberships: { company: "demo", teams: ["acme/support"], departments: [3], roles: ["support"] },
  },
  {
    id: "uma",
    name: "Uma Reyes",
    email: "uma@demo.example",
    emailVerified: false,
    subject: "100000000000000001006",
    github: { id: 1006, login: "umareyes" },
    about: { en: "Member who never confirmed the address", "zh-CN": "尚未确认邮箱的成员" },
  },
  {
    id: "nils",
    name: "Nils Berg",
    email: null,
    emailVerified: false,
    subject: "100000000000000001007",
    github: { id: 1007, login: "nilsberg" },
    about: { en: "Known by name only", "zh-CN": "只有姓名可供识别" },
  },
  {
    id: "kit",
    name: null,
    email: "kit@demo.example",
    emailVerified: true,
    subject: "100000000000000001008",
    github: { id: 1008, login: "kit" },
    about: { en: "Member known by the address only", "zh-CN": "只有邮箱可供识别的成员" },
  },
  {
    id: "zoe",
    name: `Zoë <b>"O'Neil"</b> & <script>alert(1)</script> of the Department of Unreasonably Long Names and Titles`,
    email: "zoe@demo.example",
    emailVerified: true,
    subject: "100000000000000001009",
    github: { id: 1009, login: "zoe-with-a-login-as-long-as-they-may-be" },
    about: { en: "A long name with markup in it", "zh-CN": "含有标记字符的超长姓名" },
    memberships: { company: "demo", teams: TOO_MANY_TEAMS, departments: [2], roles: [] },
  },
];

/** The people who can be picked: those listed, those set later, and `load-<n>` for any number. */
export interface People {
  list(): readonly Persona[];
  find(id: string): Persona | null;
  /** Adds a person, or changes the one with the same id: what a provider does when somebody gets a new address. */
  set(persona: Persona): void;
}

/** Starts from the listed personas. */
export function createPeople(): People {
  const people = new Map(PERSONAS.map((persona) => [persona.id, persona]));
  return {
    list: () => [...people.values()],
    find: (id) => people.get(id) ?? loadPersona(id),
    set: (persona) => void people.set(persona.id, persona),
  };
}

/** `load-0` to `load-999999999`, each a different person; no leading zeros, or one person would have two names. */
function loadPersona(id: string): Persona | null {
  const digits = /^load-(0|[1-9]\d{0,8})$/.exec(id)?.[1];
  if (digits === undefined) return null;
  return {
    id,
    name: `Load Person ${digits}`,
    email: `${id}@demo.example`,
    emailVerified: true,
    subject: `2${digits.padStart(20, "0")}`,
    github: { id: 1_000_000 + Number(digits), login: id },
    about: { en: "Made up for load tests", "zh-CN": "为压力测试生成" },
  };
}

/** What a person belongs to. */
export function membershipsOf(persona: Persona): Memberships {
  return persona.memberships ?? NO_MEMBERSHIPS;
}
