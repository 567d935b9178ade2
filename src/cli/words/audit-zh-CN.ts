import type { Words } from "./en.ts";

/** What `postern audit list` says, in Simplified Chinese. */
export const audit: Words["audit"] = {
  unknownAction: (action, guess) =>
    `没有“${action}”这个操作。${guess === null ? "" : `您是想输入“${guess}”吗？`}`,
  knownActions: (actions) => `可用的有：${actions}`,
  limitTooHigh: (limit, most) => `--limit 是 ${limit}，最多 ${most}。`,
  referenceNotFound: (reference) => `没有事件的参考号是“${reference}”。`,
  referenceNotFoundHint: "服务器自身的错误记在服务器日志中，参考号相同。",
  nothing: "没有符合条件的事件。",

  somebody: "某人",
  system: "Postern",
  anyone: "持有链接的人",
  somewhere: "某个提供方",
  sentences: {
    "login.succeeded": ({ actor, provider }) => `${actor} 通过 ${provider} 登录`,
    "login.failed": ({ person, provider }) => `${person} 通过 ${provider} 登录被拒绝`,
    "login.cancelled": ({ actor, provider }) => `${actor} 取消了通过 ${provider} 的登录`,
    "step_up.succeeded": ({ actor, provider }) => `${actor} 通过 ${provider} 确认了本人身份`,
    "step_up.failed": ({ actor, provider }) => `${actor} 未能通过 ${provider} 确认本人身份`,
    "identity.linked": ({ actor, provider }) => `${actor} 绑定了 ${provider} 的账号`,
    "identity.link_failed": ({ actor, provider }) => `${actor} 绑定 ${provider} 的账号未成功`,
    "identity.unlinked": ({ actor, person, provider, isSelf }) =>
      isSelf ? `${actor} 解绑了 ${provider} 的账号` : `${actor} 解绑了 ${provider} 的账号 ${person}`,
    "session.ended": ({ actor, person, isSelf }) =>
      isSelf ? `${actor} 结束了自己的一个会话` : `${actor} 结束了 ${person} 的一个会话`,
    "session.refused": ({ person, provider }) => `${person} 的会话属于未配置的 ${provider}，未被接受`,
    "logout.received": ({ provider }) => `${provider} 告知某人在那里的会话已结束`,
    "token.dropped": ({ person, provider }) => `不再保存 ${person} 在 ${provider} 的令牌`,
    "user.created": ({ person }) => `${person} 首次进入`,
    "user.updated": ({ actor, person }) => `${actor} 更改了 ${person}`,
    "user.imported": ({ actor, person, role }) => `${actor} 导入了 ${person}${withRole(role)}`,
    "users.exported": ({ actor }) => `${actor} 导出了用户数据`,
    "user.suspended": ({ actor, person }) => `${actor} 停用了 ${person}`,
    "user.reactivated": ({ actor, person }) => `${actor} 重新启用了 ${person}`,
    "user.merged": ({ actor, person }) => `${actor} 将 ${person} 合并到另一个账号`,
    "user.deleted": ({ actor, person }) => `${actor} 删除了 ${person}`,
    "user.restored": ({ actor, person }) => `${actor} 恢复了 ${person}`,
    "user.purged": ({ actor, person }) => `${actor} 彻底清除了 ${person}`,
    "role.granted": ({ actor, person, role }) => `${actor} 授予 ${person} 角色 ${role}`,
    "role.revoked": ({ actor, person, role }) => `${actor} 收回了 ${person} 的角色 ${role}`,
    "role.expired": ({ person, role }) => `${person} 的角色 ${role} 已到期`,
    "grant.changed": ({ actor, person, role }) => `${actor} 更改了 ${person} 的角色 ${role} 的到期时间`,
    "role.created": ({ actor, role }) => `${actor} 创建了角色 ${role}`,
    "role.changed": ({ actor, role }) => `${actor} 更改了角色 ${role}`,
    "role.removed": ({ actor, role }) => `${actor} 移除了角色 ${role}`,
    "pending_grant.created": ({ actor, person, role }) =>
      `${actor} 预先授予 ${person} 角色 ${role}，首次登录时生效`,
    "pending_grant.changed": ({ actor, person, role }) =>
      `${actor} 更改了许诺给 ${person} 的角色 ${role} 的期限`,
    "pending_grant.revoked": ({ actor, person, role }) => `${actor} 撤回了等待 ${person} 的角色 ${role}`,
    "rule.created": ({ actor, person }) => `${actor} 添加了访问规则 ${person}`,
    "rule.changed": ({ actor, person }) => `${actor} 更改了访问规则 ${person}`,
    "rule.moved": ({ actor, person }) => `${actor} 移动了访问规则 ${person}`,
    "rule.enabled": ({ actor, person }) => `${actor} 启用了访问规则 ${person}`,
    "rule.disabled": ({ actor, person }) => `${actor} 停用了访问规则 ${person}`,
    "rule.removed": ({ actor, person }) => `${actor} 删除了访问规则 ${person}`,
    "rules.replaced": ({ actor }) => `${actor} 替换了全部访问规则`,
    "pending_grant.needless": ({ person, role }) => `角色 ${role} 不再等待 ${person}：已经拥有`,
    "pending_grant.expired": ({ person, role }) => `角色 ${role} 不再等待 ${person}：已到期`,
    "access_request.created": ({ person }) => `${person} 申请访问`,
    "access_request.approved": ({ actor, person, role }) =>
      `${actor} 批准了 ${person} 的申请${withRole(role)}`,
    "access_request.declined": ({ actor, person }) => `${actor} 拒绝了 ${person} 的申请`,
    "access_request.reopened": ({ actor, person }) => `${actor} 重新打开了 ${person} 的申请`,
    "invitation.created": ({ actor, person, role }) => `${actor} 邀请了 ${person}${withRole(role)}`,
    "invitation.changed": ({ actor, person }) => `${actor} 更改了给 ${person} 的邀请`,
    "invitation.resent": ({ actor, person }) => `${actor} 为给 ${person} 的邀请生成了新链接`,
    "invitation.revoked": ({ actor, person }) => `${actor} 撤销了给 ${person} 的邀请`,
    "invitation.accepted": ({ actor, role }) => `${actor} 接受了邀请${withRole(role)}`,
    "invitation.refused": ({ actor }) => `${actor} 使用邀请未成功`,
    "api_key.created": ({ actor, person, isSelf }) =>
      isSelf ? `${actor} 为自己创建了 API 密钥` : `${actor} 为 ${person} 创建了 API 密钥`,
    "api_key.revoked": ({ actor, person, isSelf }) =>
      isSelf ? `${actor} 吊销了自己的 API 密钥` : `${actor} 吊销了 ${person} 的 API 密钥`,
    "owner_link.created": ({ actor }) => `${actor} 生成了所有者链接`,
    "owner_link.used": ({ actor }) => `${actor} 通过所有者链接成为所有者`,
    "break_glass.used": ({ actor }) => `${actor} 通过应急链接进入`,
    "break_glass.reviewed": ({ actor }) => `${actor} 确认已知悉应急链接被使用`,
    "webhook.given_up": ({ actor }) => `${actor} 放弃通知一个 Webhook：对方一直未接受该消息`,
    "webhook.stopped": ({ actor }) => `${actor} 停止通知一个 Webhook：对方要求停止（410）`,
    "webhook.resumed": ({ actor }) => `${actor} 恢复通知一个 Webhook：对方已接受测试消息`,
    "limit.reached": ({ actor }) => `${actor} 来得过于频繁，暂时被拒绝`,
    "limit.passed": ({ actor }) => `${actor} 曾因过于频繁被拒绝，现已解除`,
    "audit.pruned": ({ actor }) => `${actor} 清除了超过保留期的事件`,
  },
  details: { id: "id", reference: "参考号", address: "地址", actor: "操作者", target: "对象" },
};

function withRole(role: string): string {
  return role === "" ? "" : `，角色 ${role}`;
}
