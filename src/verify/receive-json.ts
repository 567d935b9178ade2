/** How long the issuer may take, in milliseconds. */
const PATIENCE = 5_000;
const MOST_BYTES = 256 * 1024;

/** A small JSON object from an address, within 5 seconds and 256 KiB; redirects are not followed. @throws Error */
export async function receiveJson(
  url: URL,
  fetchFrom: typeof fetch,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetchFrom(url, {
    headers: { accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`The answer has the status ${response.status}.`);
  }
  const value: unknown = JSON.parse(await readAtMost(response.body));
  if (typeof value !== "object" || value === null) throw new Error("The answer is not a JSON object.");
  return value as Record<string, unknown>;
}

async function readAtMost(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  // Leaving the loop by an error cancels the rest.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new Error("The answer is larger than 256 KiB.");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
