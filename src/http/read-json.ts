import { PosternError } from "../errors.ts";
import { readBody } from "./read-body.ts";

/**
 * The members of a JSON object, read up to 64 KiB. Nothing is known of them but their names.
 * @throws PosternError `unsupported_media_type`, `request_malformed`, `request_too_large`, `request_incomplete`
 */
export async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new PosternError("unsupported_media_type", "Only application/json is read here.");
  if (request.body === null) throw malformed();
  const text = (await readBody(request.body)).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed();
  return value as Record<string, unknown>;
}

function malformed(): PosternError {
  return new PosternError("request_malformed", "The body is not a JSON object.");
}
