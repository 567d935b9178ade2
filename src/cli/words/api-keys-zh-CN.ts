import type { Words } from "./en.ts";

/** What the commands about API keys say, in Simplified Chinese. */
export const apiKeys: Words["apiKeys"] = {
  notFound: (id) => `没有 API 密钥“${id}”。`,
  notFoundHint: "查看全部：postern api-keys list。密钥“pst_01k…_…”的 id 是“key_01k…”。",
  notALifetime: (value) => `--expires 是“${value}”；请写分钟、小时或天数，从 1m 到 365d，例如 90d。`,
  notAName: "API 密钥的名称为一行，1 到 100 个字符。",
  isSuspended: (who) => `已拒绝：${who} 已被停用，其密钥打不开任何东西。`,
  hasNoWayIn: (who) => `已拒绝：${who} 在已配置的提供方没有账号，其密钥打不开任何东西。`,
  lacks: (who, permissions) =>
    `已拒绝：密钥的权限不能超过其所有者，而 ${who} 并不具备 ${permissions} 的全部。`,
  states: { active: "有效", expired: "已过期", revoked: "已吊销" },
  headings: {
    id: "ID",
    state: "状态",
    name: "名称",
    whose: "所有者",
    permissions: "权限",
    until: "有效期至",
    used: "最近使用",
  },
  wouldCreate: (name, who, permissions) => `将为 ${who} 创建密钥“${name}”，权限为 ${permissions}。`,
  created: (name, who, permissions) => `${who} 的密钥“${name}”，权限为 ${permissions}：`,
  until: (time, id) =>
    `有效期至 ${time}。密钥只显示这一次，数据库中只保存其哈希值。吊销：postern api-keys revoke ${id}`,
  wouldRevoke: (name) => `将吊销密钥“${name}”。`,
  revoked: (name) => `密钥“${name}”已失效。`,
  revokedAlready: (name) => `密钥“${name}”早已吊销，没有更改。`,
};
