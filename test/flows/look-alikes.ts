import { alipay } from "../../src/providers/alipay.ts";
import { apple } from "../../src/providers/apple.ts";
import type { ProviderDefinition } from "../../src/providers/definition.ts";
import { dingtalk } from "../../src/providers/dingtalk.ts";
import { feishu } from "../../src/providers/feishu.ts";
import { gitee } from "../../src/providers/gitee.ts";
import { github } from "../../src/providers/github.ts";
import { google } from "../../src/providers/google.ts";
import { keycloak } from "../../src/providers/keycloak.ts";
import { microsoft } from "../../src/providers/microsoft.ts";
import { qq } from "../../src/providers/qq.ts";
import { wechat } from "../../src/providers/wechat.ts";
import { wecom } from "../../src/providers/wecom.ts";
import { xOauth1 } from "../../src/providers/x-oauth1.ts";
import { COMPANIES, REHEARSAL_SECRET, type Rehearsal } from "../../src/rehearsal/index.ts";

const client = (clientId = "back-office") => ({ clientId, clientSecret: REHEARSAL_SECRET });

/** The thirteen presets, each set up as its documentation says, but for the address: they all sign in at the rehearsal provider. */
export async function lookAlikeProviders({
  lookAlikes,
  applicationKeys,
  gatewayPublicKey,
}: Rehearsal): Promise<readonly ProviderDefinition[]> {
  return [
    github({ ...client(), baseUrl: lookAlikes.github }),
    google({ ...client(), baseUrl: lookAlikes["no-second-refresh"] }),
    microsoft({
      ...client("11111111-1111-4111-8111-111111111111"),
      tenant: "organizations",
      allowedTenants: [COMPANIES.demo.tenantId],
      baseUrl: lookAlikes.tenants,
      graphUrl: `${lookAlikes.tenants}/graph`,
    }),
    apple({
      clientId: "com.example.web",
      teamId: "TEAM123456",
      keyId: "KEY1234567",
      privateKey: (await applicationKeys.ec()).privateKey,
      baseUrl: lookAlikes["form-post"],
    }),
    keycloak({ ...client(), baseUrl: lookAlikes.realms, realm: "staff" }),
    feishu({ ...client("cli_demo"), baseUrl: lookAlikes.envelope }),
    dingtalk({ ...client("dingdemo"), baseUrl: lookAlikes["camel-json"] }),
    wecom({ ...client("ww1"), agentId: "1000002", baseUrl: lookAlikes["app-token"] }),
    wechat({ ...client("wx1"), baseUrl: lookAlikes["query-token"] }),
    qq({ ...client(), unionId: true, baseUrl: lookAlikes.jsonp }),
    alipay({
      clientId: "2021000000000000",
      privateKey: (await applicationKeys.rsa()).privateKey,
      alipayPublicKey: gatewayPublicKey(),
      baseUrl: lookAlikes.gateway,
      apiUrl: lookAlikes.gateway,
    }),
    gitee({ ...client(), baseUrl: lookAlikes["confirmed-emails"] }),
    xOauth1({ ...client(), baseUrl: lookAlikes.oauth1 }),
  ];
}
