import { createHash } from "node:crypto";

/** The one style sheet, inline: the pages work without a second request. */
export const STYLE = `
:root { color-scheme: light dark; --canvas: #f6f7f9; --surface: #fff; --text: #14181f; --muted: #4b5563;
  --line: #dfe3ea; --control: #7b8494; --accent: #1f5fd6; --warn: #8a5300; --warn-soft: #fdf3e0; }
@media (prefers-color-scheme: dark) {
  :root { --canvas: #0f1217; --surface: #161a21; --text: #e8ebf0; --muted: #aab2c0;
    --line: #2a303b; --control: #6d7788; --accent: #7aa7ff; --warn: #f0b354; --warn-soft: #2d2210; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--canvas); color: var(--text); overflow-wrap: anywhere;
  font: 14px/22px -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC", sans-serif; }
header { padding: 8px 16px; background: var(--warn-soft); color: var(--warn); text-align: center; }
main { max-width: 448px; margin: 32px auto; padding: 24px; background: var(--surface);
  border: 1px solid var(--line); border-radius: 10px; }
@media (max-width: 480px) { main { margin: 0; border: 0; border-radius: 0; padding: 16px; } }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 28px; font-weight: 600; }
p { margin: 0 0 16px; }
dl { margin: 0; } dt { color: var(--muted); } dd { margin: 0 0 12px; }
ul { list-style: none; margin: 0 0 16px; padding: 0; }
li { margin: 0 0 8px; }
button { width: 100%; min-height: 44px; padding: 8px 12px; font: inherit; color: inherit; text-align: start;
  background: var(--surface); border: 1px solid var(--control); border-radius: 6px; cursor: pointer; }
button:hover { border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button b { display: block; font-weight: 600; }
button span, .quiet { color: var(--muted); font-size: 13px; line-height: 20px; }
button span { display: block; }
button.cancel { text-align: center; }
details { margin: 16px 0 0; }
summary { min-height: 24px; cursor: pointer; }
label { display: block; margin: 8px 0 4px; }
select { width: 100%; min-height: 44px; padding: 8px; font: inherit; color: inherit; background: var(--surface);
  border: 1px solid var(--control); border-radius: 6px; }
`;

/** What lets the style sheet through a strict Content-Security-Policy. */
export const STYLE_HASH = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
