import { hostsOf } from "./oidc-definition.ts";
import { type Check, checkEndpoint, problem } from "./problems.ts";

/** An address without the slashes that people copy along, so that a path can be put behind it. */
export function withoutSlash(address: string | undefined): string {
  return (address ?? "").replace(/\/+$/, "");
}

/** The same under another name. */
export const trimSlashes = withoutSlash;

/** An address that may be left out. */
export function checkBaseUrl(path: string, address: string | undefined): Check {
  return () => (address === undefined ? [] : checkEndpoint(path, address)());
}

/** The usual slip: the address of the discovery document in place of the server's. */
export function checkNotDiscovery(path: string, address: string | undefined): Check {
  return () =>
    address?.includes("/.well-known/") === true
      ? [problem(path, "is the address of the discovery document", 'Leave out "/.well-known/…".')]
      : [];
}

/** The addresses that were given in place of a place's own, by the name of their option. */
export type GivenAddresses = Readonly<Record<string, string | undefined>>;

/** Each address that was given must be one; none need be. */
export function checkAddresses(addresses: GivenAddresses): Check {
  return () =>
    Object.entries(addresses).flatMap(([path, address]) =>
      address === undefined ? [] : checkEndpoint(path, address)(),
    );
}

/** The hosts of those that were given: only what the operator wrote down may be private. */
export function givenHosts(addresses: GivenAddresses): readonly string[] {
  return hostsOf(...Object.values(addresses).filter((address) => address !== undefined));
}
