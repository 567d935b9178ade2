import type { MisbehaviourMode } from "./misbehaviours.ts";

export interface PickOptions {
  /** Rehearses a failure in this attempt alone. */
  readonly misbehave?: MisbehaviourMode | undefined;
  /** Presses Cancel instead. Default false. */
  readonly cancel?: boolean | undefined;
}

/**
 * Does in a test what a person does in the browser: answers the picker at an authorization address of either kind,
 * and gives back the callback address. @throws Error when the provider sent nobody anywhere
 */
export async function pickPersona(
  authorizationUrl: URL | string,
  persona: string,
  options: PickOptions = {},
): Promise<URL> {
  const response = await decide(authorizationUrl, persona, options);
  const location = response.headers.get("location");
  await response.body?.cancel();
  if (location === null) throw nobodySent(response);
  return new URL(location);
}

/** A callback that comes by POST. */
export interface PostedCallback {
  readonly action: URL;
  readonly fields: URLSearchParams;
}

/** The same at a provider that answers with a form (`response_mode=form_post`): gives back what the form posts, where. */
export async function pickPersonaByPost(
  authorizationUrl: URL | string,
  persona: string,
  options: PickOptions = {},
): Promise<PostedCallback> {
  const response = await decide(authorizationUrl, persona, options);
  const markup = await response.text();
  const action = /<form method="post" action="([^"]*)"/.exec(markup)?.[1];
  if (response.status !== 200 || action === undefined) throw nobodySent(response);
  const fields = new URLSearchParams();
  for (const [, name = "", value = ""] of markup.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields.append(decodeEntities(name), decodeEntities(value));
  }
  return { action: new URL(decodeEntities(action)), fields };
}

async function decide(
  authorizationUrl: URL | string,
  persona: string,
  options: PickOptions,
): Promise<Response> {
  const form = new URLSearchParams({ persona });
  if (options.cancel === true) form.set("decision", "cancel");
  if (options.misbehave !== undefined) form.set("misbehave", options.misbehave);
  const response = await fetch(authorizationUrl, {
    method: "POST",
    body: form,
    redirect: "manual",
    // A connection that has been idle may be closed just as this sets out, and `fetch` sends no POST a second time.
    headers: { connection: "close" },
  });
  const fragment = response.headers.get("x-rehearsal-fragment");
  if (fragment !== null && new URL(authorizationUrl).hash !== `#${fragment}`) {
    throw new Error(`The authorization address must end in #${fragment}`);
  }
  return response;
}

function nobodySent({ status }: Response): Error {
  return new Error(`The rehearsal provider answered ${status} instead of a redirect`);
}

function decodeEntities(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
