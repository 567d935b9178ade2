import { PosternError } from "../../errors.ts";
import { stylesheet } from "../../pages/assets.ts";
import type { Call } from "../call.ts";

/** `GET /auth/assets/{file}`: the name holds a hash of the content, so it may be kept for ever. */
export async function sendAsset({ params }: Call): Promise<Response> {
  if (params.file !== stylesheet.name) throw new PosternError("not_found", "There is no such file.");
  return new Response(stylesheet.body, {
    headers: {
      "content-type": stylesheet.contentType,
      "cache-control": "public, max-age=31536000, immutable",
    },
  });
}
