import { checkNames } from "./check-names.ts";
import type { Report } from "./rule-vocabulary.ts";

/** What signing out of the back office and the session at one provider have to do with each other. */
export interface SignOutOptions {
  /**
   * What happens there when somebody signs out here: `always` = they are signed out there as well, where the provider
   * offers it; `offer` = the page after signing out has a link for it; `never`. Default `always`.
   */
  readonly atProvider?: "always" | "offer" | "never" | undefined;
  /** Whether logout tokens of the provider end sessions here. Default: when it announces that it sends them. */
  readonly backChannel?: boolean | undefined;
  /**
   * Whether a page of the provider may end sessions here through a frame. Nothing but the `sid` in its address proves
   * it, so only for a provider whose `sid` cannot be guessed. Default false.
   */
  readonly frontChannel?: boolean | undefined;
}

/** The same after the check. */
export interface SignOutSettings {
  readonly atProvider: "always" | "offer" | "never";
  /** `null` = what the provider announces. */
  readonly backChannel: boolean | null;
  readonly frontChannel: boolean;
}

const DEFAULT: SignOutSettings = { atProvider: "always", backChannel: null, frontChannel: false };
const WAYS: readonly unknown[] = ["always", "offer", "never", undefined];
const NAMES = [
  "atProvider",
  "backChannel",
  "frontChannel",
] as const satisfies readonly (keyof SignOutOptions)[];

/** What applies to a provider. */
export function signOutSettings(
  options: Readonly<Record<string, SignOutSettings>>,
  provider: string,
): SignOutSettings {
  return Object.hasOwn(options, provider) ? (options[provider] ?? DEFAULT) : DEFAULT;
}

/** Checks the option `signOut`: which providers it may name, and what it says of each. */
export function checkSignOutOptions(
  value: unknown,
  providers: readonly string[],
  report: Report,
): Readonly<Record<string, SignOutSettings>> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null) {
    report("signOut", "is not an object", `Write { ${providers[0] ?? "corp"}: { atProvider: "offer" } }.`);
    return {};
  }
  checkNames(value, providers, "signOut.", report);
  const entries = Object.entries(value).map(([provider, given]: [string, unknown]) => {
    const path = `signOut.${provider}`;
    if (typeof given !== "object" || given === null) {
      report(path, "is not an object", `Write ${provider}: { atProvider: "offer" }.`);
      return [provider, DEFAULT] as const;
    }
    return [provider, checkOne(given, path, report)] as const;
  });
  return Object.fromEntries(entries);
}

function checkOne(given: SignOutOptions, path: string, report: Report): SignOutSettings {
  checkNames(given, NAMES, `${path}.`, report);
  const { atProvider, backChannel, frontChannel } = given;
  if (!WAYS.includes(atProvider)) {
    report(`${path}.atProvider`, 'is none of "always", "offer" and "never"', 'Write atProvider: "offer".');
  }
  for (const [name, flag] of Object.entries({ backChannel, frontChannel })) {
    if (flag !== undefined && typeof flag !== "boolean")
      report(`${path}.${name}`, "is neither true nor false", `Write ${name}: true, or leave it out.`);
  }
  return {
    atProvider: atProvider ?? DEFAULT.atProvider,
    backChannel: backChannel ?? DEFAULT.backChannel,
    frontChannel: frontChannel ?? DEFAULT.frontChannel,
  };
}
