/** What a `User-Agent` header tells about a device, in product names. `null` = not recognised. */
export interface UserAgent {
  readonly browser: string | null;
  readonly system: string | null;
  /** A phone or a tablet. */
  readonly handheld: boolean;
}

/** First match wins: most browsers also claim to be Chrome and Safari, so the particular ones come first. */
const BROWSERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["WeCom", /wxwork\//i],
  ["WeChat", /MicroMessenger\//i],
  ["DingTalk", /DingTalk/i],
  ["Feishu", /\b(?:Lark|Feishu)\//i],
  ["Edge", /\b(?:Edg|EdgA|EdgiOS|Edge)\//],
  ["Opera", /\b(?:OPR|OPT|OPiOS)\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Huawei Browser", /\bHuaweiBrowser\//],
  ["QQ Browser", /\bM?QQBrowser\//],
  ["UC Browser", /\bUC ?Browser\//],
  ["Vivaldi", /\bVivaldi\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|HeadlessChrome|CriOS|Chromium)\//],
  ["Safari", /\bSafari\//],
  ["curl", /^curl\//],
];

const SYSTEMS: readonly (readonly [name: string, pattern: RegExp, handheld: boolean])[] = [
  ["iPadOS", /\biPad\b/, true],
  ["iOS", /\b(?:iPhone|iPod)\b/, true],
  ["HarmonyOS", /\b(?:OpenHarmony|HarmonyOS)\b/, true],
  ["Android", /\bAndroid\b/, true],
  ["ChromeOS", /\bCrOS\b/, false],
  ["Windows", /\bWindows\b/, false],
  ["macOS", /\bMacintosh\b/, false],
  ["Linux", /\bLinux\b/, false],
];

/** Reads browser and system out of a header that anybody can write as they like; for people to read, not to rely on. */
export function readUserAgent(header: string | null): UserAgent {
  const text = (header ?? "").slice(0, 512);
  const browser = BROWSERS.find(([, pattern]) => pattern.test(text));
  const system = SYSTEMS.find(([, pattern]) => pattern.test(text));
  return { browser: browser?.[0] ?? null, system: system?.[0] ?? null, handheld: system?.[2] ?? false };
}
