/** What a request tells about the browser that sent it. */
export interface Visit {
  /** The raw `Cookie` header. */
  readonly cookies: string | null;
  readonly userAgent: string | null;
  /** The client's address, as far as the proxies in front can be believed. */
  readonly address: string | null;
}
