import type { ErrorTexts } from "./en-errors.ts";
import { hanPhrase as phrase } from "./phrase.ts";

/** Stands in the place of a provider that is not known. */
const SOMEBODY = "登录服务";

/** One text for each code of `ERRORS`. */
export const zhCNErrors: ErrorTexts = {
  // Doors and guards
  authentication_required: () => ({
    title: phrase`登录后继续`,
    sentence: phrase`这个页面只对已登录的人开放。`,
    action: "登录",
  }),
  permission_denied: ({ app }) => ({
    title: phrase`你的角色不能执行此操作`,
    sentence: phrase`你已登录，但你在${app}中的角色都不能打开这个页面。管理员可以调整。`,
    action: "前往首页",
  }),
  no_role: ({ app }) => ({
    title: phrase`你在${app}中还没有角色`,
    sentence: phrase`登录已成功，账号也没有问题，还需要管理员为你分配角色。`,
    action: "联系支持人员",
  }),
  api_key_invalid: () => ({
    title: phrase`这个 API 密钥无效`,
    sentence: phrase`它不存在、已过期或已被吊销，或者它的所有者不能进入。管理员可以创建新的密钥。`,
    action: "返回",
  }),
  cross_origin: ({ app }) => ({
    title: phrase`这个请求来自其他网站`,
    sentence: phrase`为了保护你的账号，${app}只接受从自身页面发出的这类请求。在这里打开页面后重新操作即可。`,
    action: "前往首页",
  }),
  not_found: () => ({
    title: phrase`这个地址没有内容`,
    sentence: phrase`链接可能已过时，或者地址不完整。`,
    action: "前往首页",
  }),
  method_not_allowed: () => ({
    title: phrase`这个地址不能直接打开`,
    sentence: phrase`它只响应页面上的按钮，从对应的页面进入即可。`,
    action: "前往首页",
  }),
  request_too_large: () => ({
    title: phrase`提交的内容过大`,
    sentence: phrase`没有任何改动。返回后减少内容，再试一次。`,
    action: "返回",
  }),
  unsupported_media_type: () => ({
    title: phrase`这里不接受这种格式`,
    sentence: phrase`没有任何改动。重新打开页面，再做一次刚才的操作。`,
    action: "返回",
  }),
  request_incomplete: () => ({
    title: phrase`请求没有完整送达`,
    sentence: phrase`连接在途中断开。没有任何改动，可以重试。`,
    action: "返回",
  }),
  request_malformed: () => ({
    title: phrase`无法读取这个请求`,
    sentence: phrase`它的写法与这里的要求不符。没有任何改动。`,
    action: "返回",
  }),
  audience_not_allowed: () => ({
    title: phrase`不能为这个服务签发令牌`,
    sentence: phrase`后台不认识令牌要交给的服务。管理员可以把它加进配置。`,
    action: "返回",
  }),
  unknown_provider: () => ({
    title: phrase`这种登录方式不可用`,
    sentence: phrase`它可能已改名或停用。登录页面会列出你可以使用的方式。`,
    action: "前往登录",
  }),
  rate_limited: ({ minutes }) => ({
    title: phrase`尝试次数过多`,
    sentence: phrase`你的账号没有问题。${minutes === null ? "几" : String(minutes)}分钟后再试即可。`,
    action: "重试",
  }),

  // The callback
  callback_invalid: ({ provider }) => ({
    title: phrase`这次登录未能完成`,
    sentence: phrase`${provider ?? SOMEBODY}返回的信息不完整，重新登录通常可以解决。`,
    action: "重新登录",
  }),
  state_mismatch: () => ({
    title: phrase`这次登录已失效`,
    sentence: phrase`这次登录已过期，或是在另一个标签页中发起的。没有丢失任何内容，重新登录即可。`,
    action: "重新登录",
  }),
  access_denied_by_user: ({ provider }) => ({
    title: phrase`你在${provider ?? SOMEBODY}取消了授权`,
    sentence: phrase`没有共享任何信息，也没有任何改动。可以随时再试一次。`,
    action: "重试",
  }),
  provider_unavailable: ({ provider }) => ({
    title: phrase`${provider ?? SOMEBODY}暂时无法访问`,
    sentence: phrase`这不是你的问题，你的账号也没有问题。通常几分钟后会恢复，也可以先换一种登录方式。`,
    action: "重试",
  }),
  provider_rejected: ({ app, provider }) => ({
    title: phrase`${provider ?? SOMEBODY}拒绝了本应用的请求`,
    sentence: phrase`这不是你的问题：${app}与${provider ?? SOMEBODY}之间的连接需要管理员处理。可以先换一种登录方式。`,
    action: "其他登录方式",
  }),
  provider_untrusted: ({ provider }) => ({
    title: phrase`${provider ?? SOMEBODY}返回的信息未通过校验`,
    sentence: phrase`这不是你的问题。为安全起见，没有登录任何账号。重新登录一次，如果再次出现请告知支持人员。`,
    action: "重新登录",
  }),
  clock_skew: ({ provider }) => ({
    title: phrase`本站与${provider ?? SOMEBODY}的时间不一致`,
    sentence: phrase`这不是你的问题：需要管理员校准本站的时钟。在此之前登录可能失败。`,
    action: "重试",
  }),
  no_identifier: ({ provider, app }) => ({
    title: phrase`${provider ?? SOMEBODY}未返回可识别身份的信息`,
    sentence: phrase`这不是你的问题：需要管理员调整${app}在登录时请求的信息。`,
    action: "联系支持人员",
  }),

  // Calls to a provider on somebody's behalf
  token_gone: ({ app, provider }) => ({
    title: phrase`请重新登录，以便${app}继续`,
    sentence: phrase`${provider ?? SOMEBODY}不再允许${app}代表你操作，重新登录即可恢复。`,
    action: "重新登录",
  }),

  // May they enter
  ended_at_provider: ({ provider }) => ({
    title: phrase`你已在${provider ?? SOMEBODY}退出登录`,
    sentence: phrase`这发生在你登录此处的过程中，因此这次登录不算数。请重新登录。`,
    action: "重新登录",
  }),
  not_allowed: ({ app, handle }) => ({
    title: phrase`该账号尚未获准进入`,
    sentence:
      handle === null
        ? phrase`登录已成功，但该账号没有${app}的访问权限。换一个账号，或联系管理员开通。`
        : phrase`你已使用${handle}登录，但该账号没有${app}的访问权限。换一个账号，或联系管理员开通。`,
    action: "换一个账号",
  }),
  email_unverified: ({ provider }) => ({
    title: phrase`${provider ?? SOMEBODY}尚未验证你的邮箱`,
    sentence: phrase`在${provider ?? SOMEBODY}的设置中完成邮箱验证，然后重新登录。`,
    action: "重新登录",
  }),
  suspended: ({ app }) => ({
    title: phrase`该账号已停用`,
    sentence: phrase`登录已成功，但管理员停用了该账号在${app}的访问。只有管理员可以恢复。`,
    action: "联系支持人员",
  }),
  pending_approval: ({ app }) => ({
    title: phrase`申请正在审批`,
    sentence: phrase`你已申请${app}的访问权限，管理员批准后即可登录。`,
    action: "再次检查",
  }),
  request_declined: ({ app }) => ({
    title: phrase`申请未获批准`,
    sentence: phrase`管理员决定不向这个账号开放${app}。`,
    action: "换一个账号",
  }),

  // Confirming that it is oneself
  step_up_required: () => ({
    title: phrase`请确认是你本人`,
    sentence: phrase`此操作需要最近登录过，而你上次登录已有一段时间。没有任何改动。`,
    action: "确认",
  }),
  step_up_failed: ({ provider }) => ({
    title: phrase`未能确认是你本人`,
    sentence: phrase`请在${provider ?? SOMEBODY}重新登录，并使用你在此处所用的账号。没有任何改动。`,
    action: "重试",
  }),

  // The accounts that somebody signs in with
  identity_taken: ({ app, provider }) => ({
    title: phrase`此账号已被使用`,
    sentence: phrase`${app}中已有其他人使用${provider ?? SOMEBODY}的这个账号登录。如果都是你本人，管理员可以将两者合并。`,
    action: "前往我的账号",
  }),
  identity_not_found: () => ({
    title: phrase`你没有这个账号`,
    sentence: phrase`它可能已在另一个标签页中移除。我的账号页面会显示你的登录方式。`,
    action: "前往我的账号",
  }),
  last_identity: () => ({
    title: phrase`这是你唯一的登录方式`,
    sentence: phrase`移除后你将无法登录。没有任何改动。请先添加另一种登录方式。`,
    action: "前往我的账号",
  }),
  merge_refused: () => ({
    title: phrase`这两个账号不能合并`,
    sentence: phrase`没有任何改动。它们可能是同一个账号、是你自己的账号，或其中一个已被停用。`,
    action: "返回",
  }),

  // Invitations
  invite_unknown: () => ({
    title: phrase`没有这个邀请`,
    sentence: phrase`链接可能不完整，或者已有更新的邀请。打开最新收到的完整链接。`,
    action: "前往登录",
  }),
  invite_expired: ({ app }) => ({
    title: phrase`邀请已过期`,
    sentence: phrase`请邀请你加入${app}的人重新发送。如果以前登录过，直接登录即可。`,
    action: "前往登录",
  }),
  invite_used: ({ app }) => ({
    title: phrase`邀请已被使用`,
    sentence: phrase`${app}的每个邀请只能使用一次。如果是你本人使用的，直接登录即可。`,
    action: "前往登录",
  }),
  invite_revoked: ({ app }) => ({
    title: phrase`邀请已失效`,
    sentence: phrase`它已被撤回，或者已无人有权给予所承诺的角色。联系${app}的管理员获取新的邀请。`,
    action: "前往登录",
  }),
  invite_not_for_you: ({ handle }) => ({
    title: phrase`这个邀请属于另一个账号`,
    sentence:
      handle === null
        ? phrase`邀请尚未使用。重新打开链接，用收到邀请的账号登录。`
        : phrase`你以${handle}登录。邀请尚未使用：重新打开链接，用收到邀请的账号登录。`,
    action: "前往登录",
  }),

  // People and roles
  user_not_found: () => ({
    title: phrase`没有这个人`,
    sentence: phrase`对方可能已被移除，或者链接已过时。`,
    action: "返回",
  }),
  api_key_not_found: () => ({
    title: phrase`没有这个 API 密钥`,
    sentence: phrase`没有任何改动。它可能已随所有者一起删除。`,
    action: "返回",
  }),
  session_not_found: () => ({
    title: phrase`该设备已经退出登录`,
    sentence: phrase`它的会话已在此期间结束，无需再操作。`,
    action: "返回我的账号",
  }),
  unknown_role: () => ({
    title: phrase`没有这个角色`,
    sentence: phrase`它可能已改名或移除。从现有的角色中选择一个。`,
    action: "返回",
  }),
  unknown_permission: () => ({
    title: phrase`没有这个权限`,
    sentence: phrase`它可能已改名或移除。从现有的权限中选择一个。`,
    action: "返回",
  }),
  role_invalid: () => ({
    title: phrase`这不能作为角色`,
    sentence: phrase`名称只能含小写字母、数字和连字符；标题只能是一行短文字。`,
    action: "返回",
  }),
  role_exists: () => ({
    title: phrase`已有同名角色`,
    sentence: phrase`换一个名称，或更改现有的角色。`,
    action: "返回",
  }),
  role_locked: () => ({
    title: phrase`不能在这里更改这个角色`,
    sentence: phrase`它是内置角色，或写在应用的配置中，以配置为准。`,
    action: "返回",
  }),
  role_in_use: () => ({
    title: phrase`这个角色仍在使用`,
    sentence: phrase`某条规则、邀请、申请或待生效的授予仍会给出它，或仍有人拥有以前的同名角色。先更改或撤回这些。`,
    action: "返回",
  }),
  owner_exists: ({ app }) => ({
    title: phrase`${app}已有所有者`,
    sentence: phrase`能登录的所有者可以设置其他所有者，不再需要首位所有者的链接。`,
    action: "前往登录",
  }),
  not_usable_owner: () => ({
    title: phrase`不能用链接让此人登录`,
    sentence: phrase`这种链接只适用于状态正常、且登录方式已设置的所有者。`,
    action: "返回",
  }),
  owner_link_invalid: () => ({
    title: phrase`此链接已失效`,
    sentence: phrase`链接只能使用一次，十分钟内有效，且仅在需要时可用。请在服务器上生成链接的人重新生成。`,
    action: "前往登录",
  }),
  rule_invalid: () => ({
    title: phrase`这条访问规则不成立`,
    sentence: phrase`没有任何改动。规则中有问题的位置已标出。`,
    action: "返回",
  }),
  rule_not_found: () => ({
    title: phrase`没有这条访问规则`,
    sentence: phrase`它可能刚被删除。列表中是现有的规则。`,
    action: "返回",
  }),
  rule_locked: () => ({
    title: phrase`这条访问规则写在配置文件中`,
    sentence: phrase`没有任何改动。请由维护应用的人在配置文件中修改。`,
    action: "返回",
  }),
  rules_changed: () => ({
    title: phrase`其他人刚修改了访问规则`,
    sentence: phrase`没有任何改动。请重新查看规则，再重复此操作。`,
    action: "返回",
  }),
  would_lock_out: () => ({
    title: phrase`按这些访问规则，无法确定您或某位所有者仍能登录`,
    sentence: phrase`没有任何改动。请确认，或在前面加一条让他们进入的规则。`,
    action: "返回",
  }),
  last_owner: ({ app }) => ({
    title: phrase`${app}将没有所有者`,
    sentence: phrase`没有任何改动。先将另一个人设为所有者，再重复此操作。`,
    action: "返回",
  }),
  request_not_found: () => ({
    title: phrase`没有这个申请`,
    sentence: phrase`申请人可能已重新提交。重新查看列表即可。`,
    action: "返回",
  }),
  request_decided: () => ({
    title: phrase`这个申请已经处理过`,
    sentence: phrase`没有任何改动。可能有人先一步处理，重新查看即可。`,
    action: "返回",
  }),

  // Ours
  store_unavailable: () => ({
    title: phrase`暂时无法确认你的身份`,
    sentence: phrase`这不是你的问题：我们的数据库没有响应。没有任何改动，一分钟后再试。`,
    action: "重试",
  }),
  shutting_down: ({ app }) => ({
    title: phrase`${app}正在重启`,
    sentence: phrase`没有任何改动。稍后就会恢复，请再试一次。`,
    action: "重试",
  }),
  migrations_pending: ({ app }) => ({
    title: phrase`${app}正在更新`,
    sentence: phrase`这不是你的问题：管理员还需要完成数据库的更新。没有任何改动。`,
    action: "重试",
  }),
  seal_invalid: () => ({
    title: phrase`这个表单已失效`,
    sentence: phrase`它已过期，或在传输中被改动。没有丢失任何内容，重新开始即可。`,
    action: "重新开始",
  }),
  server_error: () => ({
    title: phrase`我们这边出错了`,
    sentence: phrase`这不是你的问题。发生的情况已记录，可以再试一次。`,
    action: "重试",
  }),
};
