import type { Express } from "express";
import { html } from "hono/html";
import type { ExpressDoor } from "../adapters/express.ts";
import type { PrincipalUser } from "../index.ts";

/** The demo back office, written as a user of Postern would write one. */
export function demoBackOffice(app: Express, door: ExpressDoor<"admin" | "owner" | "member">): void {
  app.use(door.routes());
  // A front end on another port may call what follows: see docs/front-ends.md.
  app.use(door.cors());

  app.get("/", async (req, res) => {
    const principal = await door.authenticate(req);
    res.send(
      page("Acme", principal?.user ?? null, "Anybody may see this page. · 任何人都可以看到这个页面。"),
    );
  });

  app.get("/orders", door.requireUser(), (req, res) => {
    res.send(page("Orders · 订单", req.user, "#1001 Teapot · 茶壶 — shipped · 已发货"));
  });

  app.get("/admin", door.requireRole("admin", "owner"), (req, res) => {
    res.send(page("Administration · 管理", req.user, "Welcome to the back office · 欢迎进入管理后台"));
  });

  app.get("/api/me", door.requireUser(), (req, res) => {
    res.json(req.user);
  });
}

/** A page of the demo; the `html` tag escapes whatever people are called. */
function page(title: string, user: PrincipalUser | null, sentence: string): string {
  return html`<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="data:,">
  <title>${title}</title>
  <style>body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
  <body>
    <nav><a href="/">Start · 首页</a> <a href="/orders">Orders · 订单</a> <a href="/admin">Administration · 管理</a></nav>
    <h1>${title}</h1>
    <p>${sentence}</p>
    ${user === null ? signInLink() : signedIn(user)}
  </body>
</html>`.toString();
}

function signInLink() {
  return html`<p><a href="/auth/sign-in">Sign in · 登录</a></p>`;
}

function signedIn(user: PrincipalUser) {
  return html`<p>Signed in as · 当前账号：<b id="name">${user.name}</b> (${user.roles.join(", ")})</p>
    <p><a href="/auth/account">Your account · 我的账号</a></p>
    <form method="post" action="/auth/sign-out"><button>Sign out · 退出登录</button></form>`;
}
