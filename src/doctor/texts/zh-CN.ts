import type { Texts } from "./en.ts";
import { text } from "./finding-text.ts";

const causes: Texts["causes"] = {
  configuration: "需先修正配置",
  unreachable: "无法连接身份提供方",
  discovery: "发现文档不可用",
};

const rules: Texts["rules"] = {
  https_only: "仅限 https",
  no_localhost: "不接受 localhost",
  no_ip: "不接受 IP 地址",
  domain_only: "只登记域名",
  exact: "逐字符比较",
  sub_path_ok: "已登记路径之下的路径也可以",
  public_tld_only: "仅限公网域名",
  single_uri: "每个应用只有一个地址",
};

const SIGN_IN = "修正之前，没有人能用它登录。";

/** What the checks say, in Simplified Chinese. */
export const zhCN: Texts = {
  causes,
  rules,

  configurationFine: () => text("配置完整", "缺少的内容到登录时才会暴露。"),
  configurationWrong: (count, fixes) =>
    text(`配置有 ${count} 个问题`, "应用无法以此配置启动。", fixes.join(" ")),
  skipped: (cause) => text(`未检查：${causes[cause]}`, "此项没有结论。"),

  callbackFits: (register, where) =>
    text(
      "回调地址符合提供方的规则",
      "是否已登记，要到首次登录时才会在提供方页面上显示。",
      `请登记 ${register}，位置：${where}`,
    ),
  callbackLocal: (register, where) =>
    text(
      "回调地址是 http，仅限本机",
      "提供方要求 https；多数对 localhost 网开一面。",
      `请登记 ${register}，位置：${where}`,
    ),
  callbackBreaks: (broken) =>
    text(
      `提供方不接受此回调地址：${broken.map((rule) => rules[rule]).join("、")}`,
      "它无法登记，或登录时被提供方页面拒绝。",
      "请把 publicUrl 设为公网域名的 https 地址；通往本机的隧道也有这样的地址。",
    ),

  unreachable: (host, reason) =>
    text(
      `${host} 没有应答（${reason}）`,
      SIGN_IN,
      "请在本机检查：域名解析、防火墙，以及 Postern 不会自动使用的出站代理。",
    ),
  tlsFailed: (host) =>
    text(
      `${host} 的证书不受信任`,
      SIGN_IN,
      "若使用自建 CA，请以 NODE_EXTRA_CA_CERTS 启动 Node；否则需更新证书。",
    ),
  addressRefused: (host) =>
    text(
      `${host} 是未在配置中写明的内网地址`,
      "公网提供方若指向您的内网，就是攻击。",
      "若确属您所有，请在该提供方的 privateHosts 中写明此主机。",
    ),
  insecureUrl: () => text("有地址不是 https", "密钥和授权码可能在途中被读取。", "请写成 https://…"),
  answerRefused: (reason) =>
    text(
      `返回内容无法使用（${reason}）`,
      SIGN_IN,
      "请自行打开该地址：可能是其他程序、代理或网络认证页在代替应答。",
    ),

  discovered: () => text("发现文档可用，issuer 一致", "端点和密钥都来自此文档。"),
  issuerSlash: (announced) =>
    text("issuer 只差末尾的斜杠", `issuer 逐字符比较。${SIGN_IN}`, `请写成 issuer: "${announced}"`),
  issuerOther: (announced) =>
    text(
      "发现文档属于另一个 issuer",
      `issuer 逐字符比较。${SIGN_IN}`,
      `若那正是您要的服务器，请写成 issuer: "${announced}"`,
    ),
  issuerUntold: () => text("发现文档没有可比较的 issuer", SIGN_IN, "请确认该地址是 OpenID Connect 服务器。"),
  discoveryStatus: (status) =>
    text(
      `issuer 之下没有发现文档（状态码 ${status}）`,
      SIGN_IN,
      "请修正 issuer：应包含租户、realm 和路径，不含 /.well-known/…。",
    ),
  metadataInvalid: (member) =>
    text(
      `发现文档中的 ${member} 有误或缺失`,
      SIGN_IN,
      "提供方须在此公布 https 地址；通常是其自身的对外地址设置有误。",
    ),
  noAlgorithm: () =>
    text(
      "提供方没有公布可接受的签名算法",
      SIGN_IN,
      "请让它用 RS256 或 ES256 签名 ID 令牌；不接受 none 和 HS256。",
    ),
  endpointsFine: () => text("所有端点均为 https 或位于本机", "密钥和授权码会发往这些地址。"),
  endpointsUnsafe: (names) =>
    text(`不是 https 地址：${names.join("、")}`, "密钥和授权码会发往这些地址。", "请在配置中写 https 地址。"),

  pkceAnnounced: () => text("已公布支持 PKCE（S256）", "有了它，被盗的授权码毫无用处。"),
  pkceSent: () => text("会发送 PKCE（S256）", "有了它，被盗的授权码毫无用处。"),
  pkceUnannounced: () =>
    text(
      "会发送 PKCE（S256），但提供方未公布支持",
      "多数会忽略不认识的参数；那时只有 state 和 nonce 保护授权码。",
      "若提供方支持，请为此客户端启用 PKCE 的 S256 方式。",
    ),
  pkceOff: () => text("此提供方没有 PKCE，因此不发送", "授权码由 state 和客户端密钥保护。"),
  keysUsable: (count) => text(`${count} 个密钥可验证 ID 令牌`, "没有密钥就无法相信任何 ID 令牌。"),
  keysUnusable: (count) =>
    text(
      count === 0 ? "提供方没有公布密钥" : "公布的密钥都无法使用",
      `无法验证 ID 令牌。${SIGN_IN}`,
      "请让提供方为已公布的算法发布签名密钥：2048 位以上的 RSA、P-256、P-384 或 Ed25519。",
    ),
  keysStatus: (status) =>
    text(
      `无法获取密钥（状态码 ${status}）`,
      `无法验证 ID 令牌。${SIGN_IN}`,
      "发现文档中的 jwks_uri 必须有应答。",
    ),

  clockFine: () => text("双方时钟一致", "令牌的有效期很短。"),
  clockOff: (seconds, isAhead) =>
    text(
      `本机时钟比提供方${isAhead ? "快" : "慢"} ${seconds} 秒`,
      "相差 60 秒起，ID 令牌会显得已过期或来自未来，签名也会被拒绝。",
      "请校准本机时钟：timedatectl set-ntp true",
    ),
  clockUnknown: () => text("未检查：没有应答告知时间", "此项没有结论。"),

  secretRight: () => text("提供方接受客户端凭据", "随机授权码被拒绝，客户端没有被拒绝。"),
  clientKnown: () => text("提供方认识此客户端（没有密钥）", "随机授权码被拒绝，客户端没有被拒绝。"),
  secretWrong: () =>
    text(
      "提供方拒绝了客户端：ID 或密钥有误，或已过期",
      SIGN_IN,
      "请重新复制客户端 ID 和密钥；并检查密钥是否过期、是否需要其他 clientAuthentication 方式。",
    ),
  clientNotAllowed: () =>
    text("提供方拒绝了客户端", SIGN_IN, "请允许此客户端使用授权码流程；有的提供方对错误的密钥也这样回答。"),
  redirectRefused: (redirectUri) => text("提供方不认识此回调地址", SIGN_IN, `请原样登记：${redirectUri}`),
  appNotReady: () =>
    text(
      "应用在提供方处尚未就绪",
      "可能未发布、缺少权限，或未信任本服务器的地址。",
      "请查看提供方处的应用页面。",
    ),
  secretUnknown: (reason) =>
    text(`未检查：对随机授权码的应答没有说明客户端是否正确（${reason}）`, "首次登录时便知。"),
};
