import { json } from "../responses.ts";

/** Everything went well: number 0. */
export function success(rest: Readonly<Record<string, unknown>>): Response {
  return json({ errcode: 0, errmsg: "ok", ...rest }, { headers: { "error-code": "0", "error-msg": "ok" } });
}

/** A failure: status 200, a number, and a text that also tells where the request came from. */
export function failure(errcode: number, errmsg: string): Response {
  const hint = "hint: [1795000000123456789012345], from ip: 203.0.113.9";
  const more = `more info at https://developer.rehearsal.example/devtool/query?e=${errcode}`;
  return json(
    { errcode, errmsg: `${errmsg}, ${hint}, ${more}` },
    { headers: { "error-code": String(errcode) } },
  );
}
