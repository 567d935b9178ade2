import type { RedirectRule } from "../../providers/hooks.ts";
import { text } from "./finding-text.ts";

/** Why a check was left out. */
export type SkipCause = "configuration" | "unreachable" | "discovery";

const causes: Readonly<Record<SkipCause, string>> = {
  configuration: "the configuration must be mended first",
  unreachable: "the provider cannot be reached",
  discovery: "discovery failed",
};

/** What a rule for callback addresses demands. */
const rules: Readonly<Record<RedirectRule, string>> = {
  https_only: "https only",
  no_localhost: "no localhost",
  no_ip: "no IP addresses",
  domain_only: "only the domain is registered",
  exact: "compared character by character",
  sub_path_ok: "paths below the registered one count too",
  public_tld_only: "a public domain only",
  single_uri: "one address per application",
};

const SIGN_IN = "Nobody can sign in with this provider until it is mended.";

const configuration = {
  configurationFine: () => text("The configuration is complete", "What is missing shows only at sign-in."),
  configurationWrong: (count: number, fixes: readonly string[]) =>
    text(
      count === 1 ? "The configuration has a problem" : `The configuration has ${count} problems`,
      "The application will not start with it.",
      fixes.join(" "),
    ),
  skipped: (cause: SkipCause) => text(`Not checked: ${causes[cause]}`, "It says nothing about this check."),
};

const callback = {
  callbackFits: (register: string, where: string) =>
    text(
      "The callback address keeps the provider's rules",
      "Whether it is registered shows only at the first sign-in, on the provider's own page.",
      `Register ${register} at: ${where}`,
    ),
  callbackLocal: (register: string, where: string) =>
    text(
      "The callback address is http, on this machine only",
      "The provider wants https; most excuse localhost.",
      `Register ${register} at: ${where}`,
    ),
  callbackBreaks: (broken: readonly RedirectRule[]) =>
    text(
      `The provider will not take this callback address: ${broken.map((rule) => rules[rule]).join(", ")}`,
      "It cannot be registered, or the provider refuses the sign-in on its own page.",
      "Give publicUrl the https address of a public domain; a tunnel to your machine has one too.",
    ),
};

const reaching = {
  unreachable: (host: string, reason: string) =>
    text(
      `${host} does not answer (${reason})`,
      SIGN_IN,
      "Look from this machine: name resolution, firewall, and an outgoing proxy that Postern does not use by itself.",
    ),
  tlsFailed: (host: string) =>
    text(
      `The certificate of ${host} is not trusted`,
      SIGN_IN,
      "For an authority of your own, start Node with NODE_EXTRA_CA_CERTS; otherwise the certificate must be renewed.",
    ),
  addressRefused: (host: string) =>
    text(
      `${host} is a private address that nobody wrote down`,
      "A public provider that leads into your network would be an attack.",
      "If it is yours, name the host in privateHosts of this provider.",
    ),
  insecureUrl: () =>
    text("An address is not https", "Secrets and codes could be read on the way.", "Write https://…"),
  answerRefused: (reason: string) =>
    text(
      `The answer cannot be used (${reason})`,
      SIGN_IN,
      "Open the address yourself: another program, a proxy or a network sign-in page may answer in its place.",
    ),
};

const discovery = {
  discovered: () =>
    text("Discovery works, and the issuer is the same", "Endpoints and keys come from this document."),
  issuerSlash: (announced: string) =>
    text(
      "The issuer differs by a slash at its end",
      `Issuers are compared character by character. ${SIGN_IN}`,
      `Write issuer: "${announced}"`,
    ),
  issuerOther: (announced: string) =>
    text(
      "The discovery document is that of another issuer",
      `Issuers are compared character by character. ${SIGN_IN}`,
      `If that is the server you mean, write issuer: "${announced}"`,
    ),
  issuerUntold: () =>
    text(
      "The discovery document names no issuer that can be compared",
      SIGN_IN,
      "Look whether the address is that of an OpenID Connect server.",
    ),
  discoveryStatus: (status: number) =>
    text(
      `There is no discovery document below the issuer (status ${status})`,
      SIGN_IN,
      "Correct issuer: tenant, realm and path belong to it, /.well-known/… does not.",
    ),
  metadataInvalid: (member: string) =>
    text(
      `The discovery document says ${member} wrongly, or not at all`,
      SIGN_IN,
      "The provider must announce an https address there; its own public address is usually set wrongly.",
    ),
  noAlgorithm: () =>
    text(
      "The provider announces no signature algorithm that is accepted",
      SIGN_IN,
      "Let it sign ID tokens with RS256 or ES256; none and HS256 are not accepted.",
    ),
  endpointsFine: () => text("All endpoints are https, or on this machine", "Secrets and codes go there."),
  endpointsUnsafe: (names: readonly string[]) =>
    text(
      `Not an https address: ${names.join(", ")}`,
      "Secrets and codes go there.",
      "Give the https address in the configuration.",
    ),
};

const protections = {
  pkceAnnounced: () => text("PKCE (S256) is announced", "A stolen code is worth nothing without it."),
  pkceSent: () => text("PKCE (S256) is sent", "A stolen code is worth nothing without it."),
  pkceUnannounced: () =>
    text(
      "PKCE (S256) is sent, but the provider does not announce it",
      "Most ignore what they do not know; then a stolen code is protected by state and nonce only.",
      "Switch PKCE with S256 on for this client, when the provider has it.",
    ),
  pkceOff: () =>
    text("This provider has no PKCE, so none is sent", "A code is protected by state and the client secret."),
  keysUsable: (count: number) =>
    text(
      count === 1 ? "1 key can verify ID tokens" : `${count} keys can verify ID tokens`,
      "Without one no ID token is believed.",
    ),
  keysUnusable: (count: number) =>
    text(
      count === 0 ? "The provider publishes no keys" : "None of the published keys can be used",
      `ID tokens cannot be verified. ${SIGN_IN}`,
      "Let the provider publish a signing key for an announced algorithm: RSA of 2048 bits or more, P-256, P-384 or Ed25519.",
    ),
  keysStatus: (status: number) =>
    text(
      `The keys cannot be had (status ${status})`,
      `ID tokens cannot be verified. ${SIGN_IN}`,
      "The jwks_uri of the discovery document must answer.",
    ),
};

const clock = {
  clockFine: () => text("The clocks agree", "Tokens are good for a short time only."),
  clockOff: (seconds: number, isAhead: boolean) =>
    text(
      `Our clock is ${seconds} s ${isAhead ? "ahead of" : "behind"} the provider's`,
      "From 60 s on, ID tokens look expired or issued in the future, and signatures are refused.",
      "Set the clock of this machine: timedatectl set-ntp true",
    ),
  clockUnknown: () => text("Not checked: no answer told the time", "It says nothing about this check."),
};

const client = {
  secretRight: () =>
    text("The provider takes the client's credentials", "A random code was refused; the client was not."),
  clientKnown: () =>
    text(
      "The provider knows the client, which has no secret",
      "A random code was refused; the client was not.",
    ),
  secretWrong: () =>
    text(
      "The provider refuses the client: id or secret is wrong, or has expired",
      SIGN_IN,
      "Copy client id and secret again; look whether the secret has expired and whether another clientAuthentication is wanted.",
    ),
  clientNotAllowed: () =>
    text(
      "The provider refuses the client",
      SIGN_IN,
      "Allow this client the authorization code flow; some say this of a wrong secret too.",
    ),
  redirectRefused: (redirectUri: string) =>
    text("The provider does not know the callback address", SIGN_IN, `Register exactly: ${redirectUri}`),
  appNotReady: () =>
    text(
      "The application is not ready at the provider",
      "It may be unpublished, lack a permission, or not trust this server's address.",
      "Look at the application's page at the provider.",
    ),
  secretUnknown: (reason: string) =>
    text(
      `Not checked: the answer to a random code tells nothing about the client (${reason})`,
      "The first sign-in will tell.",
    ),
};

/** What the checks say, in English: what another language must say too. */
export const en = {
  causes,
  rules,
  ...configuration,
  ...callback,
  ...reaching,
  ...discovery,
  ...protections,
  ...clock,
  ...client,
};

export type Texts = typeof en;
