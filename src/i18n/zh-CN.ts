import type { Messages } from "./en.ts";
import { hanPhrase as phrase } from "./phrase.ts";
import { zhCNErrors } from "./zh-CN-errors.ts";

/** What the pages say, in Simplified Chinese. */
export const zhCN: Messages = {
  theme: "外观",
  themes: { system: "跟随系统", light: "浅色", dark: "深色" },
  help: "登录遇到问题？",
  reference: "参考编号",
  signOut: "退出登录",

  signIn: {
    documentTitle: "登录",
    title: (app) => phrase`登录${app}`,
    returnTo: (place) => phrase`登录后返回：${place}`,
    continueWith: (provider) => phrase`使用${provider}登录`,
    lastUsed: "上次使用",
    moreWays: "更多登录方式",
    troubled: (provider) => phrase`${provider}最近几分钟出现过故障，仍可以尝试。`,
    noProvider: "尚未设置任何登录方式。",
    setUp: (command) => phrase`管理员请运行${command}，查看缺少的设置。`,
    sessionEnded: "会话已结束，重新登录后继续。",
    invited: "登录后即接受邀请。",
  },

  invitation: {
    title: (app) => phrase`邀请你加入${app}`,
    invitedBy: (name) => phrase`邀请人：${name}。`,
    invitedByAdministrator: "邀请人：管理员。",
    role: "你的角色",
    recipient: "受邀人",
    anyone: "任何持有此链接的人",
    at: (name, provider) => phrase`${provider}账号${name}`,
    until: "有效期至",
    whatHappens: "接受后，用你自己的账号登录。邀请只能使用一次。",
    accept: "接受并登录",
  },

  error: {
    turn: {
      person: () => phrase`你可以自行解决`,
      administrator: () => phrase`需要管理员处理`,
      provider: (provider) => phrase`问题出在${provider ?? "登录服务"}`,
      us: () => phrase`问题出在我们这边`,
      nobody: () => phrase`稍后会自行恢复`,
    },
    codes: zhCNErrors,
    goToSignIn: "前往登录",
    otherWays: { login: "其他登录方式", "step-up": "其他确认方式", link: "返回我的账号" },
    signedInAs: (name) => phrase`当前登录：${name}。`,
    stillSignedInAs: (name) => phrase`你仍以${name}的身份登录。`,
    stillSignedIn: "你仍处于登录状态。",
    useAnotherAccount: "换一个账号",
    contact: (support) => phrase`需要帮助时，联系${support}并提供此参考编号。`,
    contactOnly: (support) => phrase`需要帮助时，联系${support}。`,
    technical: "技术详情",
  },

  signedOut: {
    title: "你已退出登录",
    sentence: (app) => phrase`你在这台设备上的${app}会话已结束。`,
    sentenceEverywhere: (app) => phrase`你在所有设备（包括当前设备）上的${app}会话都已结束。`,
    stillSignedInAt: (provider) =>
      phrase`你可能仍登录着${provider}。如果使用的是公用电脑，也在那里退出登录。`,
    alsoSignedOutAt: (provider) => phrase`你也已在${provider}退出登录。`,
    goingTo: (provider) => phrase`即将也在${provider}退出登录`,
    signOutThere: (provider) => phrase`也在${provider}退出登录`,
    backTo: (place) => phrase`返回 ${place}`,
    signInAgain: "重新登录",
  },

  handOver: {
    title: "你已登录",
    sentence: (place) => phrase`即将前往 ${place}`,
  },

  ownerLink: {
    onceOnly: "只能使用一次，十分钟内有效",
    claim: (app) => ({
      title: phrase`成为${app}的所有者`,
      sentence: phrase`下一个在此浏览器登录的人将成为所有者，可以做任何操作。只有确实应由你担任时才继续。`,
      action: phrase`继续登录`,
    }),
    signIn: (app, name) => ({
      title: phrase`不经登录平台进入`,
      sentence: phrase`你将以${name}的身份登录${app}。此操作会被记录，并显示给所有所有者，直到另一位所有者核实。`,
      action: phrase`以${name}的身份登录`,
    }),
    provider: "一次性链接",
  },

  request: {
    title: (app) => phrase`申请访问${app}`,
    sentence: (app, handle) =>
      handle === null
        ? phrase`登录已成功，但这个账号还没有${app}的访问权限。管理员可以为你开通。`
        : phrase`你已使用${handle}登录，但该账号还没有${app}的访问权限。管理员可以为你开通。`,
    note: "给管理员的说明（可选）",
    noteHint: (longest) => `写明你是谁、需要访问的原因，最多 ${longest} 个字符。`,
    send: "提交申请",
    pendingTitle: "申请已提交",
    pendingSentence: (date) => phrase`申请已于${date}提交，审批通过后即可登录。`,
    checkAgain: "再次检查",
    approvedTurn: "已批准",
    approvedTitle: "申请已获批准",
    approvedSentence: "重新登录即可进入。",
    enter: "登录",
    declinedTitle: "申请未获批准",
    declinedSentence: (app, handle) =>
      handle === null
        ? phrase`管理员决定不向这个账号开放${app}。`
        : phrase`管理员决定不向${handle}开放${app}。`,
    reason: "管理员给出的原因",
    askAgain: (date) => phrase`自${date}起可以再次申请。`,
    welcomeTitle: (app) => phrase`欢迎使用${app}`,
    welcomeSentence: "管理员已批准你的申请，你已登录。",
    goOn: "继续",
  },

  stepUp: {
    title: "请确认是你本人",
    sentence: (app) => phrase`你在${app}要进行的操作需要最近登录过。请再登录一次，之后会回到原来的页面。`,
    noWay: "你可用于确认的账号目前都没有启用。管理员可以处理。",
    notNow: "暂不",
  },

  account: {
    title: "我的账号",
    breakGlass: {
      used: (name) => phrase`${name}通过服务器生成的一次性链接进入，绕过了正常的登录方式。`,
      reason: (reason) => phrase`原因：${reason}`,
      review: "我已核实",
      waits: "在另一位所有者核实之前，此提示会一直显示。",
      reviewed: "已标记为核实。",
    },
    noName: "未提供姓名",
    verified: "已验证",
    unverified: "未验证",
    roles: "角色",
    noRoles: "你还没有角色。",
    roleNames: { owner: "所有者", admin: "管理员", auditor: "审计员", member: "成员" },
    roleSources: {
      rule: "来自访问规则",
      provider: "来自登录方式",
      direct: "由管理员授予",
      config: "来自配置",
    },
    identities: "登录方式",
    linked: "绑定时间",
    lastUsed: "上次使用",
    noHandle: "未提供名称",
    add: "添加登录方式",
    addWay: (provider) => phrase`添加${provider}`,
    onlyWay: "这是你唯一的登录方式。如需移除，请先添加另一种。",
    ask: {
      addTitle: (provider) => phrase`将${provider}添加为登录方式`,
      addSentence: (provider) =>
        phrase`请在${provider}使用你想在此处使用的账号登录。该账号不能已被其他人在此处使用。`,
      removeTitle: (provider, handle) =>
        handle === null ? phrase`要移除${provider}账号吗？` : phrase`要移除${provider}账号${handle}吗？`,
      removeSentence: "移除后不能再用它登录，用它登录的设备会退出登录。",
      removeSentenceHere:
        "移除后不能再用它登录，用它登录的设备会退出登录。当前设备也会退出，之后请用其他账号重新登录。",
      remove: "移除",
      leave: "保持不变",
    },
    wasLinked: "已添加，今后可以用它登录。",
    wasLinkedAlready: "这个账号本来就是你的登录方式，没有任何改动。",
    wasUnlinked: "已移除。",
    switchedOff: "已被管理员停用，目前不能用它登录。",
    devices: "设备",
    thisDevice: "当前设备",
    browserOn: (browser, system) => phrase`${system}上的${browser}`,
    unidentifiedBrowser: "无法识别的浏览器",
    userAgent: "原始标识",
    address: "地址",
    noAddress: "未知",
    firstSeen: "首次使用",
    lastSeen: "最近使用",
    signedInWith: "登录方式",
    signOutOthers: "退出其他所有设备",
    signOutEverywhere: "退出所有设备",
    everywhereHint: "包括当前设备，之后需要重新登录。",
    onlyDevice: "你没有在其他设备上登录。",
    othersSignedOut: (count) => (count === 0 ? "你没有在其他设备上登录。" : `已退出其他 ${count} 台设备。`),
    deviceSignedOut: "该设备已退出登录。",
  },
};
