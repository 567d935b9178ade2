export type RequestBody = NonNullable<RequestInit["body"]>;

/** What a request consists of besides its address. */
export interface RequestParts {
  readonly method: string;
  readonly headers: Headers;
  /** Left out where the method has none. A stream is read only when somebody asks for it. */
  readonly body: RequestBody | null;
}

/**
 * A web `Request` of any method that can arrive. The constructor refuses TRACE (Fetch §2.2.1), which has to be
 * answered all the same.
 */
export function newRequest(url: string, { method, headers, body }: RequestParts): Request {
  if (method === "TRACE")
    return Object.defineProperty(new Request(url, { headers }), "method", { value: method });
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  // `duplex` is demanded for streams (Fetch §5.4) and not yet known to the types.
  return new Request(url, { method, headers, body, duplex: "half" } as RequestInit);
}
