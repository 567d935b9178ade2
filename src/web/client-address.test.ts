import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { clientAddress } from "./client-address.ts";

test.each<[string, string | undefined, string | null, number, string | null]>([
  ["believes no header without trusted proxies", "192.0.2.9", "198.51.100.1", 0, "192.0.2.9"],
  ["takes what the one proxy wrote", "10.0.0.1", "198.51.100.1", 1, "198.51.100.1"],
  ["counts from the right, whatever stands left", "10.0.0.1", "1.1.1.1, 198.51.100.1", 1, "198.51.100.1"],
  ["goes on through a second proxy", "10.0.0.1", "6.6.6.6,198.51.100.1 , 10.0.0.2", 2, "198.51.100.1"],
  ["stops where the header ends", "10.0.0.1", "198.51.100.1", 3, "198.51.100.1"],
  ["stays at the proxy without a header", "10.0.0.1", null, 1, "10.0.0.1"],
  ["stays at the proxy when it wrote garbage", "10.0.0.1", "1.1.1.1, unknown", 1, "10.0.0.1"],
  ["stops at garbage further left", "10.0.0.1", "1.1.1.1, <script>, 10.0.0.2", 3, "10.0.0.2"],
  ["stops at an empty entry", "10.0.0.1", "1.1.1.1,,", 2, "10.0.0.1"],
  ["knows a proxy behind a Unix socket", undefined, "198.51.100.1", 1, "198.51.100.1"],
  ["answers none where there is none", undefined, "198.51.100.1", 0, null],
  ["answers none for garbage alone", "pipe", "also garbage", 1, null],
  ["reads IPv4 in IPv6", "::ffff:192.0.2.9", null, 0, "192.0.2.9"],
  ["reads IPv4 in IPv6 in hexadecimal", "::FFFF:c000:209", null, 0, "192.0.2.9"],
  ["drops the port of IPv4", "10.0.0.1", "198.51.100.1:5060", 1, "198.51.100.1"],
  ["drops brackets and port of IPv6", "10.0.0.1", "[2001:db8::1]:443", 1, "2001:db8::1"],
  ["drops brackets alone", "10.0.0.1", "[2001:db8::1]", 1, "2001:db8::1"],
  ["writes IPv6 in one way", "2001:0DB8:0:0::1", null, 0, "2001:db8::1"],
  ["drops the zone", "fe80::1%eth0", null, 0, "fe80::1"],
  ["takes no other number for an address", "10.0.0.1", "0x7f.1", 1, "10.0.0.1"],
  ["takes no leading zeros", "10.0.0.1", "010.0.0.1", 1, "10.0.0.1"],
])("%s", (_, remote, forwardedFor, trustProxy, expected) => {
  expect(clientAddress(remote, forwardedFor, trustProxy)).toBe(expected);
});

test("nothing a caller writes left of the proxies' entries changes the answer", () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), fc.ipV4(), (forged, client, proxy) => {
      expect(clientAddress("10.0.0.1", `${forged}, ${client}, ${proxy}`, 2)).toBe(client);
    }),
  );
});

test("the answer is an address or none, for any text", () => {
  const text = fc.array(
    fc.oneof(fc.constantFrom(",", "[", "]", ":", "%", ".", "::ffff:"), fc.ipV6(), fc.ipV4(), fc.string()),
  );
  fc.assert(
    fc.property(text, fc.nat({ max: 4 }), (parts, trustProxy) => {
      const address = clientAddress(undefined, parts.join(""), trustProxy);
      return address === null || isIP(address) !== 0;
    }),
    { numRuns: 5000 },
  );
});
