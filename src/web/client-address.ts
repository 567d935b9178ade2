import { isIP, SocketAddress } from "node:net";

/**
 * The address of the person's machine. Each trusted proxy wrote the address it was called from at the right end of
 * `X-Forwarded-For`; so many entries are believed and no more, as everything left of them is the caller's own word.
 * Stops at the last trustworthy hop where an entry is missing or no address; `null` when there is none at all.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | null,
  trustProxy: number,
): string | null {
  let address = remoteAddress === undefined ? null : plainAddress(remoteAddress);
  let rest = forwardedFor;
  for (let hop = 0; hop < trustProxy && rest !== null; hop++) {
    const comma = rest.lastIndexOf(",");
    const named = plainAddress(rest.slice(comma + 1));
    if (named === null) return address;
    address = named;
    rest = comma === -1 ? null : rest.slice(0, comma);
  }
  return address;
}

/** One spelling per address: no brackets, port or zone, IPv4 as IPv4. `null` when it is none. */
function plainAddress(text: string): string | null {
  const bare = withoutPort(text.trim());
  const version = isIP(bare);
  if (version === 4) return bare;
  if (version === 0) return null;
  const [unzoned = ""] = bare.split("%");
  const { address } = new SocketAddress({ address: unzoned, family: "ipv6" });
  const mapped = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : "";
  return isIP(mapped) === 4 ? mapped : address;
}

/** `[2001:db8::1]:443` and `192.0.2.1:443` lose their port; a bare IPv6 address has none. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
}
