import { startGunicorn } from "../parts/gunicorn.js";

export async function start(settings) {
  return { processes: await startGunicorn("flask_bare:app", settings) };
}
