import { PosternError } from "../errors.ts";

/** What people and front ends send us is small; 64 KiB leaves room for an ID token that a provider posts. */
const MOST_BYTES = 64 * 1024;

/** A whole body, read up to 64 KiB. @throws PosternError `request_too_large`, `request_incomplete` */
export async function readBody(body: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > MOST_BYTES) throw new PosternError("request_too_large", "The body is larger than 64 KiB.");
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof PosternError) throw cause;
    // Somebody who hangs up is no defect of ours, and must not be able to fill the log with errors.
    throw new PosternError("request_incomplete", "The client hung up in the middle of the body.", { cause });
  }
  return Buffer.concat(chunks);
}
