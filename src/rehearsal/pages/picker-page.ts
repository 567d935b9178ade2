import { html } from "hono/html";
import type { Locale } from "../../i18n/locale.ts";
import type { Flavour } from "../endpoints.ts";
import { type MisbehaviourMode, misbehaviour, misbehavioursOf } from "../misbehaviours.ts";
import type { Persona } from "../personas.ts";
import { type Markup, page } from "./page.ts";
import { WORDS } from "./words.ts";

export interface PickerInput {
  readonly locale: Locale;
  readonly flavour: Flavour;
  /** Where the form posts: the address of the authorization request itself. */
  readonly action: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly personas: readonly Persona[];
  /** Chosen beforehand in the address. */
  readonly misbehave: MisbehaviourMode | null;
}

/** The person picker: one form, a button for each person, and the failures that can be rehearsed. */
export function pickerPage(input: PickerInput): Promise<Response> {
  const words = WORDS[input.locale];
  const { origin } = new URL(input.redirectUri);
  return page({
    status: 200,
    locale: input.locale,
    title: words.pickTitle,
    formAction: formAction(origin),
    body: html`<p>${words.signingInTo} <b><bdi>${input.clientId}</bdi></b> ${words.returningTo} <b>${origin}</b></p>
<form method="post" action="${input.action}">
<ul aria-label="${words.people}">
${input.personas.map((persona) => personButton(persona, input.locale))}
</ul>
<button class="cancel" name="decision" value="cancel">${words.cancel}</button>
${misbehaviourChoice(input)}
</form>
<p class="quiet">${words.anybody}</p>`,
  });
}

function personButton({ id, name, email, emailVerified, about }: Persona, locale: Locale): Markup {
  const words = WORDS[locale];
  const address = email === null ? words.noEmail : emailVerified ? email : `${email} (${words.unverified})`;
  return html`<li><button name="persona" value="${id}"><b><bdi>${name ?? words.noName}</bdi></b>
<span>${address}</span><span>${about[locale]}</span></button></li>
`;
}

function misbehaviourChoice({ locale, flavour, misbehave }: PickerInput): Markup {
  const words = WORDS[locale];
  const options = misbehavioursOf(flavour).map(
    (mode) =>
      html`<option value="${mode}"${mode === misbehave ? html` selected` : ""}>${misbehaviour(mode).about[locale]}</option>
`,
  );
  return html`<details${misbehave === null ? "" : html` open`}>
<summary>${words.misbehave}</summary>
<label for="misbehave">${words.misbehaveLabel}</label>
<select id="misbehave" name="misbehave" aria-describedby="misbehave-hint">
<option value="">${words.behave}</option>
${options}
</select>
<p class="quiet" id="misbehave-hint">${words.misbehaveHint}</p>
</details>`;
}

/**
 * Browsers apply `form-action` to the redirects after the form too: to the callback, and to wherever the application
 * leads from there, which in development is some port of this machine. An IPv6 address cannot be written in a policy.
 */
export function formAction(origin: string): string {
  return origin.includes("[") ? "'self' http:" : `'self' ${origin} http://localhost:* http://127.0.0.1:*`;
}
