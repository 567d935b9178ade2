import type { Words } from "./en.ts";

/** What the commands about invitations say, in Simplified Chinese. */
export const invites: Words["invites"] = {
  notFound: (id) => `没有邀请“${id}”。`,
  notFoundHint: "查看全部：postern invites list",
  over: (state) => `已拒绝：该邀请${state}。请创建新的邀请：postern invites create`,
  notALifetime: (value) => `--expires 是“${value}”；请写分钟、小时或天数，从 1m 到 30d，例如 72h。`,
  nobodyRecognised: (who) => `登录时无法凭“${who}”认出任何人。`,
  nobodyRecognisedHint: "邮箱要写完整；--handle 和 --id 以提供方的 id 开头，例如 github:octocat。",
  states: { pending: "待接受", accepted: "已接受", expired: "已过期", revoked: "已撤回" },
  headings: {
    id: "ID",
    recipient: "受邀人",
    roles: "角色",
    state: "状态",
    until: "有效期至",
    by: "邀请人",
    who: "接受人",
  },
  anyone: "任何持有链接的人",
  wouldInvite: (who, roles) => `将邀请 ${who}，角色为 ${roles}。`,
  invited: (who, roles) => `已邀请 ${who}，角色为 ${roles}。链接只能使用一次：`,
  until: (time) => `有效期至 ${time}。链接只显示这一次，数据库中只保存其哈希值。`,
  wouldResend: (who) => `将为 ${who} 创建新链接，旧链接随即失效。`,
  resent: (who) => `已为 ${who} 创建新链接，旧链接已失效。链接只能使用一次：`,
  wouldRevoke: (who) => `将撤回对 ${who} 的邀请。`,
  revoked: (who) => `对 ${who} 的邀请已失效。`,
  revokedAlready: "该邀请早已撤回，没有更改。",
};
