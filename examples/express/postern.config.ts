import { defineConfig } from "postern";
import { oidc } from "postern/providers/oidc";

export default defineConfig({
  publicUrl: process.env.POSTERN_PUBLIC_URL ?? "http://localhost:3000",
  secret: process.env.POSTERN_SECRET,
  providers: [
    oidc({
      id: "corp",
      name: "Corp SSO",
      issuer: process.env.OIDC_ISSUER ?? "http://localhost:4181",
      clientId: process.env.OIDC_CLIENT_ID ?? "back-office",
      clientSecret: process.env.OIDC_CLIENT_SECRET ?? "rehearsal-secret",
    }),
  ],
  owners: ["corp:ada@demo.example"],
  roles: { support: ["orders.read"], lead: ["orders.read", "orders.refund"] },
  access: [
    { when: { email: "liwei@demo.example" }, then: "allow", roles: ["lead"] },
    { when: { emailDomain: "demo.example" }, then: "allow", roles: ["support"] },
  ],
});
