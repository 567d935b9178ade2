import { startGunicorn } from "../parts/gunicorn.js";

export async function start(settings) {
  return {
    signIn: { method: "GET", path: "/sign-in" },
    processes: await startGunicorn("flask_authlib:app", settings),
  };
}
