import { hostsOf } from "./oidc-definition.ts";
import { type Check, checkEndpoint } from "./problems.ts";

/** An address without the slashes that people copy along, so that a path can be put behind it. */
export function trimSlashes(address: string | undefined): string {
  return (address ?? "").replace(/\/+$/, "");
}

/** The addresses that were given in place of a place's own, by the name of their option. */
type GivenAddresses = Readonly<Record<string, string | undefined>>;

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
