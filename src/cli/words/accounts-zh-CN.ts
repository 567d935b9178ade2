import type { Words } from "./en.ts";

/** What is said about the accounts with which people sign in, in Simplified Chinese. */
export const accounts: Words["accounts"] = {
  wouldUnlink: (name, account, count) => `将从 ${name} 解绑 ${account}，并结束 ${count} 个会话。`,
  unlinked: (name, account, count) => `${name} 不能再用 ${account} 登录，已结束 ${count} 个会话。`,
  identityNotFound: (account) => `该用户没有账号“${account}”，或有多个。其账号如下：`,
  lastIdentity: (name) => `已拒绝：${name} 没有其他可用于登录的账号。如需禁止其登录，请停用。`,
};
