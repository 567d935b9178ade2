import type { Words } from "./en.ts";

/** What is said about the accounts with which people sign in, in Simplified Chinese. */
export const accounts: Words["accounts"] = {
  wouldUnlink: (name, account, count) => `将从 ${name} 解绑 ${account}，并结束 ${count} 个会话。`,
  unlinked: (name, account, count) => `${name} 不能再用 ${account} 登录，已结束 ${count} 个会话。`,
  identityNotFound: (account) => `该用户没有账号“${account}”，或有多个。其账号如下：`,
  wouldMerge: (from, into) => `将把 ${from} 合并到 ${into}：`,
  merged: (from, into, id) => `${from}（${id}）已不存在，已并入 ${into}：`,
  moves: "移动的账号",
  role: "合并后的角色",
  ends: "结束的会话",
  lost: "失去的提供方令牌",
  keysLost: "失去的 API 密钥",
  heldBy: { from: "随合并而来", into: "原已拥有", both: "双方均有" },
  lastIdentity: (name) => `已拒绝：${name} 没有其他可用于登录的账号。如需禁止其登录，请停用。`,
};
