import { PosternError } from "../errors.ts";

/** Forms of ours and callbacks of providers are small; 64 KiB leaves room for an ID token. */
const MOST_BYTES = 64 * 1024;

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
  return new URLSearchParams((await readAtMost(request.body)).toString("utf8"));
}

async function readAtMost(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > MOST_BYTES) throw new PosternError("request_too_large", "The form is larger than 64 KiB.");
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof PosternError) throw cause;
    // Somebody who hangs up is no defect of ours, and must not be able to fill the log with errors.
    throw new PosternError("request_incomplete", "The client hung up in the middle of the form.", { cause });
  }
  return Buffer.concat(chunks);
}
