import type { housekeeping as english } from "./housekeeping-en.ts";

/** What `postern housekeeping` says, in Simplified Chinese. */
export const housekeeping: typeof english = {
  busy: "另一个进程正在清理；未做任何改动。",
  nothing: "没有到期的内容。",
  would: "将清除已到期的内容：",
  done: "已清除到期的内容：",
  kinds: {
    sessions: "已结束的会话",
    loginTransactions: "已用过的登录记录",
    providerSignOuts: "未继续的退出登录",
    logoutNotices: "退出通知",
    limitCounts: "限流计数",
    expiredRoles: "已到期的角色",
    deletedUsers: "30 天前或更早删除的用户",
    accessRequests: "已处理的访问申请",
    invitations: "已过期的邀请",
    ownerLinks: "已过期的所有者链接",
    webhookMessages: "Webhook 消息",
    auditEvents: "审计事件",
  },
};
