import type { Words } from "./en.ts";

/** What the commands about access rules say, in Simplified Chinese. */
export const access: Words["access"] = {
  whoOrSample: "要说明谁？请给出 <who> 或 --sample <file>。",
  whichProvider: (known) => `这份返回来自哪个提供方？请用 --provider 指定其中之一：${known}`,
  noAccount: (name, provider) =>
    provider === null ? `${name} 在已配置的提供方没有账号。` : `${name} 在“${provider}”没有账号。`,
  suspended: "此人已停用：无论规则如何，都不能进入。",
  namedOwner: "配置中的 owners 指明了此账号：任何规则都不能把它拒之门外。",
  broken: "! 已不成立：不会让任何人进入。请看：postern rules list",
  noRules: "没有访问规则。",

  outcomes: { allow: "放行", deny: "拒绝", ask: "须申请" },
  answers: { yes: "匹配", no: "不匹配", cannot_tell: "无法判断" },
  open: "取决于登录时才知道的信息",
  wanted: (expected) => `要求 ${expected}`,
  found: (found) => `实际 ${found}`,
  reasons: {
    absent: "提供方没有说明",
    unverified: "提供方没有担保",
    wrong_type: "类型与规则要求的不同",
    malformed: "没有意义",
    other_provider: "来自另一个提供方",
    not_asked: "登录时会询问提供方",
    provider_cannot_tell: "提供方无法说明",
    not_known_here: "登录时才知道",
  },
  enters: (roles) => (roles === "" ? "可以进入，使用手动授予的角色" : `可以进入，角色：${roles}`),
  staysOut: (code) => `不能进入：${code}`,
  asks: "在管理员授予角色之前不能进入",
  keptOut: "不能进入",
  noRuleDecides: "没有规则作出决定",
  hangs: "登录时得知的信息可能改变结果：",

  onlyConfigured: "无法读取数据库：只显示配置中的规则，不含数据库中的规则。",

  draftMissing: "哪些规则？请给出 --draft <file>。",
  draftUnreadable: (file) => `无法把 ${file} 作为 JSON 读取。`,
  draftInvalid: (file, count) => `${file} 中的规则有 ${count} 个问题：`,
  headings: { id: "ID", person: "姓名", email: "邮箱", change: "变化", before: "现在", after: "之后" },
  kinds: { gains: "将可进入", loses: "将被拒绝", other_roles: "角色不同", cannot_tell: "无法判断" },
  more: (count: number) => `……以及另外 ${count} 人。使用 --jsonl 可列出全部。`,
  summary: ({ known, gains, loses, other_roles, cannot_tell }) =>
    `已知 ${known} 人：${gains} 人将可进入，${loses} 人将被拒绝，${other_roles} 人角色不同，${cannot_tell} 人无法判断。`,
  noOwnerAfter: (perhaps) =>
    perhaps === 0
      ? "按这些规则，将没有任何所有者能够登录。"
      : `按这些规则，无法确定还有所有者能够登录；可能有 ${perhaps} 人。`,
};
