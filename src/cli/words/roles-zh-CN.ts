import type { Words } from "./en.ts";

/** 关于角色的命令所说的话。 */
export const roles: Words["roles"] = {
  headings: { role: "角色", title: "名称", source: "来源", holders: "人数", permissions: "权限" },
  sources: { "built-in": "内置", configuration: "配置", database: "数据库" },
  permission: "权限",
  holder: "用户",
  dangerousMark: "⚠ 危险",
  more: (count) => `……另有 ${count} 人。`,
  wouldCreate: (role, permissions, holders) =>
    `将创建角色 ${role}：${permissions}。${holders === 0 ? "还没有人拥有它。" : `已有 ${holders} 人拥有它。`}`,
  created: (role, permissions, holders) =>
    `已创建角色 ${role}：${permissions}。${holders === 0 ? "目前没有人拥有它。" : `已有 ${holders} 人拥有它。`}`,
  dangerous: (permissions) => `其中标记为危险的权限：${permissions}。`,
  wouldChange: (role, { gained, lost, holders }) =>
    [
      `将更改角色 ${role}，目前有 ${holders} 人拥有。`,
      ...(gained.length > 0 ? [`他们将可以：${gained.join("、")}。`] : []),
      ...(lost.length > 0 ? [`他们将不再可以：${lost.join("、")}。`] : []),
    ].join(""),
  changed: (role) => `角色 ${role} 已更改，一秒之内对所有拥有者生效。`,
  nothing: (role) => `角色 ${role} 已经如此，没有更改。`,
  wouldDelete: (role, holders) => `将删除角色 ${role}，目前有 ${holders} 人拥有。`,
  deleted: (role, holders) => `角色 ${role} 已删除；一秒之内不再有人拥有它。此前有 ${holders} 人拥有。`,
  may: (name, permission) => `${name} 可以：${permission}`,
  mayNot: (name, permission) => `${name} 不可以：${permission}`,
  giving: (names) => `这些角色包含它：${names}`,
  through: (grant, role) => `${grant}，其中包含 ${role}`,
  locked: (role, source) =>
    source === "built-in"
      ? `已拒绝：角色 ${role} 是内置的。`
      : `已拒绝：角色 ${role} 写在配置文件中，请在那里修改。`,
  exists: (role) => `已拒绝：角色 ${role} 已存在。`,
  inUse: (role, by) => `已拒绝：仍有内容会授予角色 ${role}：${by}`,
  inUseHint: "请先更改或删除它们：postern rules、postern invites、postern users list --pending",
  leftOver: (role, holders, by) =>
    `已拒绝：以前有过角色 ${role}，目前仍有 ${holders} 人拥有。留下的这些会对新角色生效：${by}`,
  leftOverHint:
    "请先收回它们（postern users revoke、postern rules、postern invites），或让这些人拥有新角色：--adopt",
  invalid: "角色名由小写字母、数字和连字符组成，以字母开头；名称为一行，不超过 100 个字符。",
};
