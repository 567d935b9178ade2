import { describe, expect, it } from "vitest";
import { readUserAgent } from "./user-agent.ts";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 10)";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

describe("readUserAgent", () => {
  it.each<[browser: string | null, system: string | null, handheld: boolean, header: string | null]>([
    ["Chrome", "Windows", false, `${WINDOWS} ${WEBKIT} Chrome/147.0.0.0 Safari/537.36`],
    ["Edge", "Windows", false, `${WINDOWS} ${WEBKIT} Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0`],
    ["Opera", "Windows", false, `${WINDOWS} ${WEBKIT} Chrome/147.0.0.0 Safari/537.36 OPR/131.0.0.0`],
    [
      "Firefox",
      "Windows",
      false,
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0",
    ],
    [
      "Safari",
      "macOS",
      false,
      `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
    ],
    ["Chrome", "macOS", false, `${MAC} ${WEBKIT} Chrome/147.0.0.0 Safari/537.36`],
    ["Firefox", "Linux", false, "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"],
    [
      "Chrome",
      "ChromeOS",
      false,
      `Mozilla/5.0 (X11; CrOS x86_64 16000.0.0) ${WEBKIT} Chrome/147.0.0.0 Safari/537.36`,
    ],
    ["Chrome", "Android", true, `${ANDROID} ${WEBKIT} Chrome/147.0.0.0 Mobile Safari/537.36`],
    [
      "Samsung Internet",
      "Android",
      true,
      `${ANDROID} ${WEBKIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
    ],
    ["Safari", "iOS", true, `${IPHONE} Version/26.0 Mobile/15E148 Safari/604.1`],
    ["Chrome", "iOS", true, `${IPHONE} CriOS/147.0.0.0 Mobile/15E148 Safari/604.1`],
    [
      "WeChat",
      "iOS",
      true,
      `${IPHONE} Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN`,
    ],
    [
      "WeCom",
      "Windows",
      false,
      `${WINDOWS} ${WEBKIT} Chrome/116.0.0.0 Safari/537.36 MicroMessenger/7.0 wxwork/5.0.0`,
    ],
    [
      "DingTalk",
      "Android",
      true,
      `${ANDROID} ${WEBKIT} Chrome/130.0.0.0 Mobile Safari/537.36 AliApp(DingTalk/8.1.0)`,
    ],
    ["Feishu", "macOS", false, `${MAC} ${WEBKIT} Chrome/130.0.0.0 Safari/537.36 Lark/7.50.0`],
    [
      "Huawei Browser",
      "HarmonyOS",
      true,
      `Mozilla/5.0 (Phone; OpenHarmony 6.0) ${WEBKIT} Chrome/132.0.0.0 HuaweiBrowser/6.0`,
    ],
    ["curl", null, false, "curl/8.17.0"],
    [null, "Linux", false, "acme-scanner/0.3 (Linux)"],
    [null, null, false, "SafariChrome Firefoxish"],
    [null, null, false, ""],
    [null, null, false, null],
  ])("tells %s on %s (handheld: %s) from %s", (browser, system, handheld, header) => {
    expect(readUserAgent(header)).toEqual({ browser, system, handheld });
  });

  it("looks at no more than a browser would send", () => {
    expect(readUserAgent(`${"x ".repeat(1_000_000)}Firefox/150.0`).browser).toBeNull();
  });
});
