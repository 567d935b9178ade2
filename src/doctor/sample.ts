import { asObject, type JsonObject, parseJson } from "../oauth/json.ts";
import type { ProviderDefinition, Sources } from "../providers/definition.ts";

/** Why a text is no sample. */
export type SampleFault = "not_json" | "not_an_object" | "token_in_place_of_claims";

const PARTS = ["idToken", "userInfo", "answers", "tokenResponse", "callback"] as const;

/**
 * Reads what somebody saved of a sign-in: `{ idToken?, userInfo?, answers?, tokenResponse?, callback? }`, or only the
 * provider's one answer about the person. Tokens in it are left out.
 */
export function readSample(
  text: string,
  definition: ProviderDefinition,
): Sources | { readonly fault: SampleFault } {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { fault: "not_json" };
  }
  const object = asObject(value);
  if (object === null && definition.kind === "oidc") return { fault: "not_an_object" };
  if (object === null && !Array.isArray(value)) return { fault: "not_an_object" };
  if (object === null || !isWhole(object)) return simple(definition, value);
  if ([object.idToken, object.userInfo].some((part) => typeof part === "string")) {
    return { fault: "token_in_place_of_claims" };
  }
  return {
    idToken: asObject(object.idToken),
    userInfo: asObject(object.userInfo),
    answers: asObject(object.answers) ?? {},
    tokenResponse: withoutTokens(definition, asObject(object.tokenResponse)),
    callback: asObject(object.callback) ?? {},
  };
}

/** Whether it is all of a sign-in; an answer may by chance have a member of the same name. */
function isWhole(object: JsonObject): boolean {
  const names = Object.keys(object);
  return names.length > 0 && names.every((name) => (PARTS as readonly string[]).includes(name));
}

/** One answer, put where the mapping looks first. */
function simple(definition: ProviderDefinition, answer: unknown): Sources {
  const nothing: Sources = { idToken: null, userInfo: null, answers: {}, tokenResponse: null, callback: {} };
  const claims = asObject(answer);
  if (definition.kind === "oidc") return { ...nothing, idToken: claims, userInfo: claims };
  const [step] = definition.identity;
  if (step !== undefined) return { ...nothing, answers: { [step.as]: answer } };
  return { ...nothing, tokenResponse: withoutTokens(definition, claims) };
}

/** As a sign-in hands it on: nothing of a token is shown or mapped. */
function withoutTokens({ tokenFields = {} }: ProviderDefinition, response: JsonObject | null) {
  if (response === null) return null;
  const secret = new Set<string>();
  for (const name of ["access_token", "refresh_token", "id_token"] as const) {
    secret.add(name).add(tokenFields[name] ?? name);
  }
  return Object.fromEntries(Object.entries(response).filter(([name]) => !secret.has(name)));
}
