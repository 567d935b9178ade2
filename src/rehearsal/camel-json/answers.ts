import { uuidOf } from "../person-ids.ts";
import { json } from "../responses.ts";

/** A failure of the new API: a word, and a status. */
export function failure(status: number, code: string, message: string): Response {
  return json({ code, requestid: uuidOf(code).toUpperCase(), message }, { status });
}

/** A failure of the old API: a number, with status 200. */
export function oldFailure(errcode: number, errmsg: string): Response {
  return json({ errcode, errmsg, request_id: uuidOf(String(errcode)) });
}

/** A result of the old API. */
export function oldSuccess(result: unknown): Response {
  return json({ errcode: 0, errmsg: "ok", result, request_id: uuidOf("ok") });
}
