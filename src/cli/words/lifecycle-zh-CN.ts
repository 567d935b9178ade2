import type { lifecycle as english } from "./lifecycle-en.ts";

/** What is said about people who come and go, in Simplified Chinese. */
export const lifecycle: typeof english = {
  wouldSuspend: (name, count) => `将停用 ${name}，并结束 ${count} 个会话。`,
  suspended: (name, count) => `${name} 已停用，一秒内处处无法进入：已结束 ${count} 个会话。`,
  suspendedAlready: (name) => `${name} 已经停用，没有更改。`,
  wouldReactivate: (name) => `将重新放行 ${name}。`,
  reactivated: (name) => `${name} 可以重新登录。`,
  activeAlready: (name) => `${name} 没有被停用，没有更改。`,

  wouldDelete: (name, count) => `将删除 ${name}，并结束 ${count} 个会话。`,
  deleted: (name, count) => `${name} 已删除：已结束 ${count} 个会话。`,
  restorable: (id, until) => `${until} 之前可以恢复：postern users restore ${id}`,
  mayComeAgain: "配置放行的人仍可登录，但会成为新用户。要拒之门外，请停用（suspend）。",
  wouldRestore: (name) => `将恢复 ${name}。`,
  restored: (name) => `${name} 已恢复，包括手动授予的角色。`,
  taken: (accounts) => `以下账号在此期间已被用来登录，没有恢复：${accounts}`,
  noneDeleted: (who) => `最近 30 天内没有删除过“${who}”。`,
  wouldPurge: (count) => `将彻底清除 ${count} 人。`,
  purged: (count) => `已彻底清除 ${count} 人。`,
  nobodyToPurge: "没有删除满 30 天的用户，没有更改。",
  deletedHeadings: {
    id: "ID",
    person: "姓名",
    email: "邮箱",
    deletedAt: "删除时间",
    deletedBy: "操作者",
    reason: "原因",
    until: "可恢复至",
  },

  unconfirmed: (name) => `${name} 的邮箱没有经提供方验证，请确认是本人。`,
  wouldPromise: (who, role, until) =>
    `${who} 尚未登录：届时将授予角色 ${role}${until === null ? "" : `，至 ${until}`}。`,
  promised: (who, role, until) =>
    `${who} 首次登录时将获得角色 ${role}${until === null ? "" : `，至 ${until}`}。`,
  promisedAlready: (who, role) => `${who} 已在等待角色 ${role}，没有更改。`,
  fromAnyProvider: "任何验证过该邮箱的提供方都算数。要指定一个，请写“提供方:邮箱”。",
  bySubject: (subject, provider) => `“${subject}”必须是在 ${provider} 永不改变的 id，而不是用户名。`,
  waiting: (role, since, by, details) =>
    `${role}（${by} 于 ${since} 授予，等待首次登录${details.map((one) => `，${one}`).join("")}）`,
  wouldTakeBack: (who, role) => `将收回等待 ${who} 的角色 ${role}。`,
  tookBack: (who, role) => `角色 ${role} 不再等待 ${who}。`,
  pendingHeadings: {
    id: "ID",
    who: "等待对象",
    role: "角色",
    createdAt: "开始时间",
    createdBy: "操作者",
    reason: "原因",
    until: "至",
  },

  ownerExists: "已拒绝：已有能登录的所有者，可由其设置其他所有者。",
  ownerExistsHint: [
    "  设置另一位所有者   postern users grant <who> owner",
    "  让某位所有者登录   postern owner-link --for <who>",
    "  仍要绕过           postern owner-link --break-glass",
  ].join("\n"),
  notUsableOwner: (name) => `已拒绝：${name} 不是状态正常且登录方式已设置的所有者。`,
  wouldClaim: "将生成一个链接，下一个通过它登录的人成为所有者。",
  wouldBreakGlass: (name) => `将生成一个链接，让 ${name} 不经提供方登录。使用情况会显示给所有所有者。`,
  claims: "打开此链接、按下按钮并登录的人将成为所有者。",
  signsIn: (name) => `此链接让 ${name} 不经提供方登录；在另一位所有者核实之前，所有所有者都会看到。`,
  worksUntil: (time) => `只能使用一次，有效至 ${time}。不要交给其他人。`,
};
