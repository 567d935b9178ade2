import fc from "fast-check";
import { expect, test } from "vitest";
import { addressBlock } from "./address-block.ts";
import { clientAddress } from "./client-address.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
  ["2001:db8::6", "2001:db8:0:0::/64"],
  ["2001:db8::2:3:4:5:6", "2001:db8:0:2::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["1::", "1:0:0:0::/64"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
])("%s belongs to %s", (address, block) => {
  expect(addressBlock(address)).toBe(block);
});

test("whatever the last 64 bits are, the block is the same, and another one for other first bits", () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const half = fc.tuple(group, group, group, group);
  const block = (groups: readonly number[]) => {
    const written = clientAddress(groups.map((one) => one.toString(16)).join(":"), null, 0);
    return written === null || !written.includes(":") ? null : addressBlock(written);
  };
  fc.assert(
    fc.property(half, half, half, half, (net, host, otherNet, otherHost) => {
      const first = block([...net, ...host]);
      const second = block([...net, ...otherHost]);
      const other = block([...otherNet, ...host]);
      // Mapped IPv4 is IPv4.
      if (first === null || second === null || other === null) return;
      expect(second).toBe(first);
      expect(other === first).toBe(net.join() === otherNet.join());
    }),
  );
});
