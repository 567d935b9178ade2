import type { Words } from "./en.ts";

/** 关于数据库中访问规则的命令所说的话。 */
export const rules: Words["rules"] = {
  headings: {
    rule: "规则",
    source: "来源",
    state: "状态",
    then: "结果",
    roles: "角色",
    when: "条件",
    note: "备注",
    created: "添加",
    changed: "修改",
  },
  sources: { config: "配置", database: "数据库" },
  states: { on: "启用", off: "停用", broken: "失效" },
  someBroken:
    "失效的规则引用了已不存在的内容。它不会让任何人进入，但仍会拦人。请看：postern rules show <规则>",
  unreadable: "数据库中的内容无法作为规则读取。它会拦住所有人。",
  would: "将会执行。没有任何改动。",
  nothing: "已经如此，没有变化。",
  question: "这会改变谁可以进入。",
  done: (id) => `已完成：${id}。从下次登录起生效；不会因此退出任何人。`,
  invalid: "这不成立为一条规则：",
  notFound: "没有这条规则。查看全部：postern rules list",
  locked: "已拒绝：这条规则写在配置文件中，请在那里修改。",
  changedMeanwhile: "其他人刚修改了规则或角色；没有任何改动。请重试。",
  wouldLockOut: (owners) => `已拒绝：将无法确定这些所有者仍能登录：${owners}`,
  wouldLockOutHint: "另有一位所有者确定可以登录。如果确实要这样做，请加上 --yes 重试。",
  lastOwner: "已拒绝：按这些规则，没有任何所有者确定能登录。",
  lastOwnerHint: "在前面加一条让某位所有者进入的规则，或在配置的 `owners` 中写明一位。",
};
