import { at } from "./at.ts";

type Paging = (body: unknown, url: URL) => string | null;

/** The content names the address of the next page, at this place. */
export function pageNamedBy(place: string | readonly string[]): Paging {
  return (body) => textAt(body, place);
}

/**
 * The content holds what the next page is asked for by, at this place; it goes into a parameter of the address. Nothing
 * there is the end, and so is nothing at `unless`, where some tell whether there is one.
 */
export function pageByParameter(place: string, parameter: string, unless: string = place): Paging {
  return (body, url) => {
    const cursor = textAt(body, place);
    if (cursor === null || textAt(body, unless) === null) return null;
    const next = new URL(url);
    next.searchParams.set(parameter, cursor);
    return next.href;
  };
}

function textAt(body: unknown, place: string | readonly string[]): string | null {
  const text = at(body, place);
  return typeof text === "string" && text !== "" ? text : null;
}
