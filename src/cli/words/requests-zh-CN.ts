import type { requests as english } from "./requests-en.ts";

/** What the commands about requests for access say, in Simplified Chinese. */
export const requests: typeof english = {
  notFound: (id) => `没有申请“${id}”。`,
  notFoundHint: "查看全部：postern requests list --status all",
  decidedAlready: (status) => `已拒绝执行：这个申请的状态已是“${status}”。`,
  enteredAlready: "已拒绝执行：申请人已凭它进入。要收回角色，请用 users revoke",
  statuses: { pending: "待审批", approved: "已批准", declined: "已拒绝" },
  confirmed: "已验证",
  unconfirmed: "未验证",
  headings: {
    id: "ID",
    person: "姓名",
    email: "邮箱",
    provider: "身份提供方",
    status: "状态",
    createdAt: "申请时间",
    note: "说明",
  },
  labels: {
    person: "姓名",
    email: "邮箱",
    account: "账号",
    asked: "申请时间",
    note: "说明",
    status: "状态",
    decided: "处理",
    role: "角色",
    reason: "原因",
    entered: "首次进入",
    askAgain: "可再次申请",
  },
  wouldApprove: (name, role) => `将批准 ${name} 以角色 ${role} 进入。`,
  approved: (name, role) => `${name} 从下次登录起拥有角色 ${role}。`,
  wouldDecline: (name) => `将拒绝 ${name} 的申请。`,
  declined: (name) => `已拒绝 ${name} 的申请。对方下次访问时会看到原因，30 天后可以再次申请。`,
};
