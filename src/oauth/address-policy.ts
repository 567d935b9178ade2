import { BlockList, isIP } from "node:net";

/**
 * Whether an IP address belongs to the public internet. Loopback, private, link-local, shared (CGNAT), metadata,
 * documentation, benchmark, multicast and reserved ranges do not, nor does any IPv6 form that carries an IPv4 address
 * (mapped, compatible, 6to4, NAT64, Teredo): those could lead anywhere.
 */
export function isPublicAddress(address: string): boolean {
  const bare = withoutZone(address);
  switch (isIP(bare)) {
    case 4:
      return !SPECIAL_IPV4.check(bare, "ipv4");
    case 6:
      return GLOBAL_UNICAST.check(bare, "ipv6") && !SPECIAL_IPV6.check(bare, "ipv6");
    default:
      return false;
  }
}

/** Whether an IP address is this machine: 127.0.0.0/8 or ::1, in no other form. */
export function isLoopbackAddress(address: string): boolean {
  const bare = withoutZone(address);
  return isIP(bare) === 4 ? LOOPBACK_IPV4.check(bare, "ipv4") : bare === "::1";
}

/** Whether a URL's host may be spoken to without TLS: `localhost` or a loopback address. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || isLoopbackAddress(hostname.replace(/^\[|\]$/g, ""));
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, "");
}

const LOOPBACK_IPV4 = subnets("ipv4", ["127.0.0.0/8"]);

// IANA special-purpose registry (RFC 6890 and later entries), and 168.63.129.16: public by number, Azure's host inside.
const SPECIAL_IPV4 = subnets("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
]);

// The only IPv6 block handed out for the internet; everything outside is special by itself.
const GLOBAL_UNICAST = subnets("ipv6", ["2000::/3"]);

// 2001::/23 holds Teredo and ORCHID; 2002::/16 is 6to4; the others are for documentation.
const SPECIAL_IPV6 = subnets("ipv6", ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);

function subnets(family: "ipv4" | "ipv6", networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
