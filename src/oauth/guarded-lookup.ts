import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { isLoopbackAddress, isPublicAddress } from "./address-policy.ts";
import { OAuthFailure } from "./oauth-failure.ts";

/** Name resolution, `dns.lookup` unless a test brings its own. */
export type Lookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a connection may lead to. */
export interface AddressRule {
  /** The operator wrote this host down: it may be private. */
  readonly named: boolean;
  /** Without TLS only this machine may answer. */
  readonly loopbackOnly: boolean;
}

/** @throws OAuthFailure `ssrf_blocked` when this address may not be connected to. */
export function assertAddress(
  address: string,
  rule: AddressRule,
  detail: Readonly<Record<string, unknown>> = {},
): void {
  const allowed =
    (rule.named || isPublicAddress(address)) && (!rule.loopbackOnly || isLoopbackAddress(address));
  if (!allowed) throw new OAuthFailure("provider_untrusted", "ssrf_blocked", detail);
}

/**
 * A `lookup` for sockets that refuses a name when any of its addresses is refused. The addresses it hands on are the
 * ones connected to, so a name cannot answer differently between the check and the connection.
 */
export function guardedLookup(rule: AddressRule, resolve: Lookup = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      try {
        for (const { address } of addresses) assertAddress(address, rule);
      } catch (refused) {
        return callback(refused as Error, []);
      }
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      if (first === undefined) return callback(new OAuthFailure("provider_unavailable", "dns_failed"), []);
      callback(null, first.address, first.family);
    });
  };
}
