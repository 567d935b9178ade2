import type { CallbackHook, ProviderDefinition, ReadHook } from "../definition.ts";
import type { LocalizedName } from "../provider.ts";

/** A name in both languages: a plain one serves for both. */
export function localized(name: string | LocalizedName): LocalizedName {
  return typeof name === "string" ? { en: name, "zh-CN": name } : name;
}

/** What was given, or an empty text, so that a definition can be made before `problems` refuses it. */
export function given(value: string | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Keeps a secret where printing the definition does not show it. */
export function keepSecret(value: string | undefined): ProviderDefinition["clientSecret"] {
  const secret = given(value);
  return () => (secret === "" ? null : secret);
}

/** The callback of RFC 6749 §4.1.2. */
export function standardCallback(issuers: readonly string[]): CallbackHook {
  return {
    codeParameter: "code",
    stateParameter: "state",
    issuers,
    cancelled: (parameters) => parameters.get("error") === "access_denied",
  };
}

/** Errors as in RFC 6749 §5.2. */
export const STANDARD_READ: ReadHook = {
  error: (body) => (typeof body.error === "string" && body.error !== "" ? body.error : null),
  errorNames: {},
};
