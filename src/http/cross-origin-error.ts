import { PosternError } from "../errors.ts";
import { header, type RequestHead } from "../web/headers.ts";

/** Longest origin that is told, in characters: whoever sends the request writes it. */
const MOST_CHARACTERS = 200;

/** `cross_origin`, with what was compared: usually a `publicUrl` that is not the address people type. */
export class CrossOriginError extends PosternError {
  /** `origin` and `sec-fetch-site` as they came, and the origin they should have been. */
  readonly compared: Readonly<Record<string, string>>;

  constructor(request: RequestHead, expected: string) {
    super("cross_origin", "The request comes from another site.");
    const site = header(request.headers, "sec-fetch-site")?.slice(0, MOST_CHARACTERS);
    this.compared = {
      origin: header(request.headers, "origin")?.slice(0, MOST_CHARACTERS) ?? "none",
      expected,
      ...(site !== undefined && { "sec-fetch-site": site }),
    };
  }
}
