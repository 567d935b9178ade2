import type { RehearsalContext } from "../context.ts";

/** What a method answers: its content, or why not. */
export type MethodAnswer =
  | { readonly kind: "content"; readonly content: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed"; readonly code: string; readonly subCode: string; readonly message: string };

/** One thing that can be asked of the gateway, for a client whose signature was right. */
export type Method = (
  context: RehearsalContext,
  clientId: string,
  parameters: URLSearchParams,
) => MethodAnswer;

/** An argument that is wrong. */
export function invalid(subCode: string, message: string): MethodAnswer {
  return { kind: "failed", code: "40002", subCode, message };
}
