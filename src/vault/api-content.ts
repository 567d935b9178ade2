import { PosternError } from "../errors.ts";

/** The content of a successful answer, as JSON; `null` = it has none. @throws PosternError */
export async function contentOf(response: Response): Promise<unknown> {
  const { status } = response;
  if (!response.ok) {
    const code = status >= 500 ? "provider_unavailable" : "provider_rejected";
    throw new PosternError(code, `The provider's API answered with status ${status}.`, {
      reason: `status_${status}`,
    });
  }
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    // Without a cause: its message would quote what the provider wrote.
    throw new PosternError(
      "provider_untrusted",
      "The provider's API answered with something that is no JSON.",
      {
        reason: "json_malformed",
      },
    );
  }
}
