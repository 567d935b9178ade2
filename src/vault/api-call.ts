/** What a call may say; what it says of credentials, cookies and the connection is not sent. */
export interface ApiInit {
  /** Default GET. */
  readonly method?: string | undefined;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** No stream: it must be there again when the token has to be refreshed. */
  readonly body?: string | URLSearchParams | Uint8Array<ArrayBuffer> | Blob | FormData | null | undefined;
  /** Longer answers are cut off and refused, in bytes. Default 10 MiB. */
  readonly maxBytes?: number | undefined;
  /** For one exchange, in milliseconds. Default 30 seconds. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the pages of a list are read. */
export interface PagesInit<Page> extends Omit<ApiInit, "method" | "body"> {
  /** The path of the page after this one, `null` = it was the last. Default: as the provider does it. */
  readonly next?: ((page: Page, response: Response) => string | null) | undefined;
}

/** The answer, or with `json()` its content at once. */
export interface ApiCall extends Promise<Response> {
  /** @throws PosternError `provider_rejected`, `provider_unavailable` unless the status is a success; `reason` says which */
  json<Content = unknown>(): Promise<Content>;
}
