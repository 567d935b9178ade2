import { html } from "hono/html";
import { LOCALES, type Locale } from "../i18n/locale.ts";
import type { Messages } from "../i18n/messages.ts";
import { icon, systemThemeIcon } from "./icons.ts";
import { localHref } from "./links.ts";
import type { Markup } from "./markup.ts";
import { type PageContext, THEMES, type Theme } from "./page-context.ts";

/** Each language in its own words, whatever language the page speaks. */
const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = { en: "English", "zh-CN": "简体中文" };

const THEME_ICONS: Readonly<Record<Theme, () => Markup>> = {
  system: systemThemeIcon,
  light: () => icon("sun"),
  dark: () => icon("moon"),
};

/** The quiet row that switches language and appearance: one form, so that it works without a script. */
export function preferencesForm(context: PageContext, messages: Messages): Markup {
  return html`<form class="preferences" method="post" action="${context.mountPath}/preferences">
<input type="hidden" name="return_to" value="${localHref(context.preferencesReturnTo)}">
${LOCALES.filter((locale) => locale !== context.locale).map(languageButton)}
<div class="segments" role="group" aria-label="${messages.theme}">
${THEMES.map((theme) => themeButton(theme, theme === context.theme, messages.themes[theme]))}
</div>
</form>`;
}

function languageButton(locale: Locale): Markup {
  return html`<button class="quiet" name="locale" value="${locale}" lang="${locale}">${LANGUAGE_NAMES[locale]}</button>`;
}

function themeButton(theme: Theme, chosen: boolean, label: string): Markup {
  return html`<button class="segment" name="theme" value="${theme}" aria-pressed="${chosen ? "true" : "false"}" title="${label}">${THEME_ICONS[theme]()}<span class="unseen">${label}</span></button>`;
}
