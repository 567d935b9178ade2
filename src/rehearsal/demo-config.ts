import { defineConfig } from "../define-config.ts";
import { github } from "../providers/github.ts";
import { oidc } from "../providers/oidc.ts";
import { demoSecret } from "./demo-secret.ts";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the demo's configuration depends on. */
export interface DemoAddresses {
  /** Where the back office is: `http://localhost:4180`. */
  readonly publicUrl: string;
  /** Where the rehearsal provider is: `http://localhost:4181`. */
  readonly rehearsalUrl: string;
}

/** The configuration of the demo back office, as a `postern.config.ts` would say it. */
export function demoConfig({ publicUrl, rehearsalUrl }: DemoAddresses, env: Environment = process.env) {
  return defineConfig({
    publicUrl: env.POSTERN_PUBLIC_URL || publicUrl,
    database: env.DATABASE_URL || "file:.postern/postern.db",
    secret: listed(env.POSTERN_SECRET) ?? demoSecret(".postern/demo-secret"),
    providers: [
      oidc({
        id: "rehearsal",
        name: { en: "Rehearsal", "zh-CN": "演练账号" },
        issuer: rehearsalUrl,
        clientId: "demo-back-office",
        clientSecret: "rehearsal-secret",
      }),
      github({
        name: { en: "GitHub (rehearsal)", "zh-CN": "GitHub（演练）" },
        baseUrl: `${rehearsalUrl}/github`,
        clientId: "demo-back-office",
        clientSecret: "rehearsal-secret",
      }),
    ],
    // Ada is owner whichever way she comes: an OpenID subject's e-mail at one provider, a numeric id at the other.
    owners: listed(env.POSTERN_OWNERS) ?? ["rehearsal:ada@demo.example", "github:1001"],
    roles: { support: ["orders.read"], lead: ["orders.read", "orders.refund"] },
    access: [
      { when: { email: "grace@demo.example" }, then: "allow", roles: ["admin"] },
      { when: { emailDomain: "demo.example" }, then: "allow", roles: ["member"] },
    ],
    // A front end on another port, and another service: see docs/services.md.
    allowedOrigins: [env.DEMO_ALLOWED_ORIGIN || "http://localhost:4190"],
    tokens: { audiences: ["demo-api"] },
    brand: {
      name: { en: "Acme Back Office", "zh-CN": "Acme 后台" },
      support: "it@demo.example",
      places: {
        "/orders": { en: "Orders", "zh-CN": "订单" },
        "/admin": { en: "Administration", "zh-CN": "管理" },
      },
    },
    autoMigrate: true,
  });
}

/** The entries of a list with commas; `undefined` when the variable is not set or empty. */
function listed(variable: string | undefined): readonly string[] | undefined {
  return variable ? variable.split(",") : undefined;
}
