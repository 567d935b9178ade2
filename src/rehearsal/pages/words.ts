import type { Locale } from "../../i18n/locale.ts";

const en = {
  banner: "Rehearsal provider",
  purpose: "for development and tests",
  pickTitle: "Who do you want to be?",
  signingInTo: "You are signing in to",
  returningTo: "and will return to",
  people: "People",
  anybody: "Tests may also post persona=load-<n>, a different person for every number.",
  noEmail: "no e-mail",
  noName: "(no name)",
  unverified: "not verified",
  cancel: "Cancel",
  misbehave: "Rehearse a failure",
  misbehaveLabel: "In this attempt",
  misbehaveHint: "Then pick a person above.",
  behave: "Nothing goes wrong",
  homeTitle: "The rehearsal provider is running",
  homeText: "Point an application at these addresses. Any client id works; the secret is rehearsal-secret.",
  homeRestrictedText:
    "Point an application at these addresses. Only the clients it was started with are known.",
  openid: "OpenID Connect issuer",
  github: "GitHub look-alike",
  signedOutTitle: "You are signed out",
  signedOutText: "The rehearsal provider remembers nobody. You can close this page.",
  badRequestTitle: "This request cannot be answered",
  badRequestText: "The application sent something that no provider would accept. Its developer can mend it:",
};

const zhCN: typeof en = {
  banner: "演练身份提供方",
  purpose: "仅用于开发和测试",
  pickTitle: "你想以谁的身份登录？",
  signingInTo: "正在登录",
  returningTo: "登录后返回",
  people: "可选的人",
  anybody: "测试还可以提交 persona=load-<n>，每个数字对应一个不同的人。",
  noEmail: "没有邮箱",
  noName: "（没有姓名）",
  unverified: "未验证",
  cancel: "取消",
  misbehave: "演练故障",
  misbehaveLabel: "本次登录",
  misbehaveHint: "然后在上方选择一个人。",
  behave: "一切正常",
  homeTitle: "演练身份提供方正在运行",
  homeText: "让应用使用下列地址。任何客户端 ID 都可以，密钥是 rehearsal-secret。",
  homeRestrictedText: "让应用使用下列地址。只接受启动时登记的客户端。",
  openid: "OpenID Connect 签发者",
  github: "仿 GitHub 地址",
  signedOutTitle: "你已退出登录",
  signedOutText: "演练身份提供方不会记住任何人，可以关闭此页面。",
  badRequestTitle: "无法处理此请求",
  badRequestText: "应用发送的内容不会被任何身份提供方接受，需要由开发者修正：",
};

/** What people read on the rehearsal pages. */
export const WORDS: Readonly<Record<Locale, typeof en>> = { en, "zh-CN": zhCN };
