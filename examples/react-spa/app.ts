/** Bundles the front end and serves it on an origin of its own. Any bundler will do; this one is a small one. */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { rolldown } from "rolldown";

const port = Number(process.env.PORT ?? 4190);
const backOffice = process.env.BACK_OFFICE ?? "http://localhost:4180";
const api = process.env.API ?? "http://localhost:4191";

const bundle = await rolldown({
  input: join(import.meta.dirname, "main.tsx"),
  platform: "browser",
  transform: { define: { "process.env.NODE_ENV": '"production"' } },
});
const { output } = await bundle.generate({ minify: true });
const script = output[0].code;
const page = (await readFile(join(import.meta.dirname, "index.html"), "utf8"))
  .replace("BACK_OFFICE", backOffice)
  .replace("API", api);

const HEADERS = {
  "content-security-policy": `default-src 'none'; script-src 'self'; img-src data:; connect-src ${backOffice} ${api}; frame-ancestors 'none'; base-uri 'none'`,
  "x-content-type-options": "nosniff",
};

createServer((request, response) => {
  const isScript = request.url === "/main.js";
  const type = isScript ? "text/javascript" : "text/html";
  response.writeHead(200, { ...HEADERS, "content-type": `${type}; charset=utf-8` });
  response.end(isScript ? script : page);
}).listen(port, "127.0.0.1", () => console.log(`Open http://localhost:${port}`));
