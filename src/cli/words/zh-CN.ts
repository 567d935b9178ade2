import type { Words } from "./en.ts";
import { providers } from "./providers-zh-CN.ts";

const help: Words["help"] = {
  about: "管理后台的登录、角色与会话。",
  examples: "示例",
  usage: "用法",
  commands: "命令",
  options: "选项",
  optionsPlaceholder: "[选项]",
  commandPlaceholder: "<命令>",
  more: (command) => `查看某个命令：  ${command} <命令> --help`,
  summaries: {
    demo: "启动演示后台和演练身份提供方",
    migrate: "把数据库升级到当前版本",
    "migrate status": "查看哪些迁移已经执行",
    "users list": "按加入顺序列出用户",
    "users show": "查看某个用户：角色及来源、各平台账号、会话",
    "users grant": "手动授予角色，直到有人收回",
    "users revoke": "收回角色，一秒内处处生效",
    "users sign-out": "结束某个用户的全部会话，一秒内处处生效",
    "providers list": "列出已配置的身份提供方及其回调地址",
    "providers check": "检查无需用户参与的一切：地址、密钥、时钟、客户端密钥",
    "providers inspect": "查看提供方的返回如何被使用：原始字段与映射结果对照，以及能否进入",
  },
  groups: { users: "用户及其角色与会话", providers: "身份提供方" },
  operands: {
    who: "用户 id、邮箱，或“提供方:账号”，例如 github:ada",
    role: "owner、admin、auditor、member，或应用自己的角色",
    provider: "配置中某个身份提供方的 id",
  },
  optionTexts: {
    port: "演示后台的端口（PORT，默认 4180）",
    rehearsalPort: "演练身份提供方的端口（REHEARSAL_PORT，默认 4181）",
    query: "role:…、status:active 或 suspended，以及姓名或邮箱中的文字",
    limit: "最多多少个（默认 50）",
    after: "从这个 id 之后继续",
    all: "所有人",
    presets: "列出 Postern 自带的全部预设，而非已配置的",
    sample: "以 JSON 保存的提供方返回",
    reason: "原因，写入审计日志",
    dryRun: "只说明会发生什么，不做任何更改",
    yes: "不再询问，在生产环境中也是如此",
    config: "配置文件（POSTERN_CONFIG，默认为当前目录的 postern.config.ts）",
    demo: "作用于在此目录用 `postern demo` 启动的演示",
    json: "在标准输出写一个 JSON 文档",
    jsonl: "在标准输出每行写一个 JSON 文档",
    quiet: "只输出数据和错误",
    verbose: "同时输出日志和错误的原因",
    noInput: "从不询问",
    color: "auto、always 或 never",
    noColor: "等同于 --color=never",
    version: "Postern 的版本",
    help: "显示本说明",
  },
};

const place: Words["place"] = {
  kinds: { production: "生产环境", development: "开发环境", demo: "演示" },
  confirm: (what, name) => `${what}\n这是生产环境。输入“${name}”以继续：`,
};

const users: Words["users"] = {
  headings: {
    id: "ID",
    person: "姓名",
    email: "邮箱",
    roles: "角色",
    providers: "登录方式",
    lastSignIn: "最近登录",
    status: "状态",
  },
  statuses: { active: "正常", suspended: "已停用" },
  never: "从未",
  shown: (shown, total) => `共 ${total} 人，显示 ${shown} 人`,
  nextPage: (id) => `下一页：--after ${id}`,
  created: "加入时间",
  verified: "已验证",
  unverified: "未验证",
  permissions: "权限",
  role: "角色",
  account: "账号",
  session: "会话",
  sources: {
    rule: "来自访问规则",
    provider: "来自身份提供方",
    direct: "手动授予",
    config: "来自配置中的 owners",
  },
  lastSeen: (time) => `最近活动 ${time}`,
  wouldGrant: (name, role) => `将授予 ${name} 角色 ${role}。`,
  granted: (name, role) => `${name} 现在拥有角色 ${role}。`,
  grantedAlready: (name, role) => `${name} 已经手动拥有角色 ${role}，没有更改。`,
  wouldRevoke: (name, role) => `将收回 ${name} 的角色 ${role}。`,
  revoked: (name, role) => `${name} 不再拥有角色 ${role}，一秒内生效。`,
  notHeld: (name, role) => `${name} 没有角色 ${role}，没有更改。`,
  stillDerived: (role) => `配置也会授予这个角色：若不修改配置，下次登录时 ${role} 会恢复。`,
  wouldSignOut: (name, count) => `将结束 ${name} 的 ${count} 个会话。`,
  signedOut: (name, count) => `${name} 将在一秒内处处退出登录：已结束 ${count} 个会话。`,
  notSignedIn: (name) => `${name} 没有在任何地方登录，没有更改。`,
  mayReturn: "只要配置或手动授予的角色仍然放行，此人可以再次登录。",
};

const migrations: Words["migrations"] = {
  headings: { name: "迁移", applied: "执行时间" },
  pending: "待执行",
  ran: (names) => `完成：${names}`,
  wouldRun: (names) => `将执行：${names}`,
  nothing: "数据库已是最新。",
  runThem: (count) => `有 ${count} 个迁移待执行。请运行：postern migrate`,
};

const demo: Words["demo"] = {
  open: "打开",
  signInAs: "登录身份",
  provider: "演练身份提供方",
  kept: "数据保存在",
  people: {
    ada: "owner：可以做任何事",
    grace: "admin：还能看到 /admin",
    bo: "member：能看到 /orders，看不到 /admin",
    mallory: "任何地方都不放行",
  },
  stop: "停止",
  howToStop: "Ctrl+C；已登录的人在下次启动后仍保持登录",
  stopping: "正在停止。再按一次立即停止。",
};

/** Everything that the command line says, in Simplified Chinese. */
export const zhCN: Words = {
  help,
  place,
  users,
  providers,
  migrations,
  demo,

  unknownCommand: (typed, guess) =>
    `没有命令“${typed}”。${guess === null ? "" : `您是想输入：postern ${guess}`}`,
  missingCommand: "要执行哪个命令？",
  unknownOption: (option, guess) =>
    `这里没有选项 ${option}。${guess === null ? "" : `您是想输入 ${guess} 吗？`}`,
  missingValue: (option) => `缺少值：${option}`,
  unexpectedValue: (option) => `${option} 不接受值。`,
  missingArgument: (operand) => `缺少 <${operand}>。`,
  unexpectedArgument: (argument) => `多余的参数“${argument}”。`,
  seeHelp: (command) => `请看：${command} --help`,
  notOneOf: (option, value, allowed) => `${option} 不能是“${value}”。请使用 ${allowed}。`,
  notTogether: (one, other) => `${one} 与 ${other} 不能同时使用。`,
  notAPort: (name, value) => `${name} 是“${value}”；端口应为 0 到 65535 的数字。`,
  notACount: (option, value) => `${option} 是“${value}”；应为不小于 1 的整数。`,
  unknownFilter: (filter, guess) =>
    `查询中没有“${filter}”。${guess === null ? "可用的有 role: 和 status:。" : `您是想输入“${guess}”吗？`}`,
  unknownRole: (role, guess, known) =>
    `没有角色“${role}”。${guess === null ? `可用的有：${known}。` : `您是想输入“${guess}”吗？`}`,

  configMissing: (folder) => `${folder} 中没有配置。`,
  configMissingHint: [
    "  您自己的应用   创建 postern.config.ts：export default defineConfig({ … })，或用 --config 指定",
    "  演示           加上 --demo",
  ].join("\n"),
  databaseUnknown: (folder) => `哪个数据库？${folder} 中没有配置，也没有设置 DATABASE_URL。`,
  databaseUnknownHint: [
    "  您自己的应用   创建 postern.config.ts，用 --config 指定，或设置 DATABASE_URL",
    "  演示           加上 --demo",
  ].join("\n"),
  configInvalid: (count) => `配置有 ${count} 个问题：`,
  fix: "解决办法：",
  demoInProduction: "NODE_ENV 是 production，那里没有演示。",
  databaseMissing: (file) => `还没有数据库：${file}`,
  databaseMissingHint: (isDemo) =>
    isDemo ? "启动演示时会创建：postern demo" : "启动应用时会创建，或运行：postern migrate",
  storeUnavailable: (message) => `数据库无法使用。${message}`,
  migrationsPending: (message) => `数据库与此版本不符。${message}`,
  userNotFound: (who) => `没有人叫“${who}”。`,
  userNotFoundHint: "用户登录过一次之后才会出现。<who> 是用户 id、邮箱，或“提供方:账号”。",
  userNotFoundClose: "相近的有：",
  userAmbiguous: (who, count) => `“${who}”可能是 ${count} 个人中的任何一个。请使用 id：`,
  lastOwner: (name) => `已拒绝：${name} 是唯一能登录的所有者。`,
  lastOwnerHint: "请先让另一个人成为所有者：postern users grant <who> owner",
  confirmationRequired: (where) => `这会更改生产环境（${where}）。没有人可以确认，请加上 --yes。`,
  confirmationRefused: "未确认，没有任何更改。",
  portTaken: (port, option, variable) => `端口 ${port} 已被占用。请用 ${option} 或 ${variable} 换一个。`,
  portForbidden: (port, option, variable) =>
    `当前账号不能使用端口 ${port}。请用 ${option} 或 ${variable} 换一个。`,
  samePort: (port) => `演示后台与演练身份提供方不能共用端口 ${port}。`,
  interrupted: "已中断。已完成的部分保持不变。",
  unexpected: (message) => `出错了：${message}`,
};
