import { html } from "hono/html";
import type { Markup } from "./markup.ts";

/** Lines on a 24 × 24 grid. */
const LINES = {
  warning: "M12 4 2.8 20h18.4L12 4ZM12 10v4.5M12 17.2v.3",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5.5M12 7.6v.3",
  done: "M4.5 12.5 10 18 19.5 7",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  key: "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM10.9 12.1 20 3M16 7l3 3",
  cloud: "M7 18.5a4.5 4.5 0 0 1-.6-8.96 6 6 0 0 1 11.5 1.5A3.8 3.8 0 0 1 17.5 18.5H7Z",
  gear: "M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5.2l3.4 2",
  door: "M6 21V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v16M3.5 21h17M14.5 12v.5",
  computer: "M4 5h16v11H4V5ZM9 20h6M12 16v4",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 18h2",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2Z",
  chevron: "m9 5.5 6.5 6.5L9 18.5",
} as const;
export type IconName = keyof typeof LINES;

/** A drawn icon in the colour of the text around it; always beside words, so screen readers skip it. */
export function icon(name: IconName): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="${LINES[name]}"></path></svg>`;
}

/** Half dark, half light: the appearance that follows the system. */
export function systemThemeIcon(): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.75" aria-hidden="true" focusable="false"><circle cx="12" cy="12" r="8.5"></circle><path d="M12 3.5a8.5 8.5 0 0 1 0 17v-17Z" fill="currentColor"></path></svg>`;
}

/** A provider's mark from its path data on the same grid; a key where there is none. */
export function providerMark(path: string): Markup {
  if (path === "") return icon("key");
  return html`<svg class="mark" viewBox="0 0 24 24" width="20" height="20" fill="currentColor" aria-hidden="true" focusable="false"><path d="${path}"></path></svg>`;
}
