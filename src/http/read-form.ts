import { PosternError } from "../errors.ts";
import { readBody } from "./read-body.ts";

/**
 * The fields of a form body, read up to 64 KiB. No body at all is an empty form.
 * @throws PosternError `unsupported_media_type`, `request_too_large`, `request_incomplete`
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("content-type");
  if (request.body === null || type === null) return new URLSearchParams();
  if (type.split(";")[0]?.trim().toLowerCase() !== "application/x-www-form-urlencoded") {
    throw new PosternError("unsupported_media_type", "Only application/x-www-form-urlencoded is read here.");
  }
  return new URLSearchParams((await readBody(request.body)).toString("utf8"));
}
