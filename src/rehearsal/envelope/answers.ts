import { json } from "../responses.ts";

/** Answers of the API: status 200 whatever happened, the number in `code` decides. */
export function success(data: unknown): Response {
  return json({ code: 0, msg: "success", data });
}

/** A failure of the API, with status 200 too. */
export function apiFailure(code: number, msg: string): Response {
  return json({ code, msg, error: { log_id: "2026112300000000000000000000000002" } });
}

/** A failure of the token endpoint, which does tell by its status. */
export function tokenFailure(code: number, error: string, description: string): Response {
  return json({ code, error, error_description: description }, { status: 400 });
}
