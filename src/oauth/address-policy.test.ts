import { describe, expect, test } from "vitest";
import { isLoopbackHost, isPublicAddress } from "./address-policy.ts";

const REFUSED = [
  ...["127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1"],
  ...["100.127.255.255", "100.100.100.200", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255"],
  ...["192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1"],
  ...["203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16"],
  ...["::", "::1", "fc00::1", "fdff::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1"],
  // IPv4 in disguise: mapped, compatible, NAT64 (both prefixes), 6to4, Teredo.
  ...[
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
  ],
  ...["2002:7f00:1::", "2001::1", "2001:0:7f00:1::"],
  ...["100::1", "2001:db8::1", "3fff::1", "5f00::1"],
  ...["", "localhost", "8.8.8", "0x7f000001", "not an address"],
];

const ALLOWED = [
  ...["8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255"],
  ...["172.32.0.0", "169.253.255.255", "192.167.255.255", "192.169.0.0", "198.17.255.255", "223.255.255.255"],
  ...["2606:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::1"],
];

test.each(REFUSED)("%s is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(ALLOWED)("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

describe("hosts that may be spoken to without TLS", () => {
  test.each([
    ["http://localhost", true],
    ["http://LOCALHOST:3000", true],
    ["http://127.0.0.1", true],
    // Other spellings of 127.0.0.1: the URL parser makes them one.
    ["http://127.1", true],
    ["http://2130706433", true],
    ["http://0x7f000001", true],
    ["http://0177.0.0.1", true],
    ["http://[::1]:8080", true],
    ["http://[::ffff:127.0.0.1]", false],
    ["http://localhost.", false],
    ["http://app.localhost", false],
    ["http://localhost.example.com", false],
    ["http://10.0.0.1", false],
    ["http://0.0.0.0", false],
  ])("%s: %s", (url, expected) => {
    expect(isLoopbackHost(new URL(url).hostname)).toBe(expected);
  });
});
