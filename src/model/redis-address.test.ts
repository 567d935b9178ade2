import fc from "fast-check";
import { expect, test } from "vitest";
import { readRedisAddress } from "./redis-address.ts";

const PLAIN = {
  kind: "single",
  tls: false,
  user: null,
  password: null,
  database: 0,
  master: "",
  sentinelUser: null,
  sentinelPassword: null,
};

test.each([
  ["redis://localhost", { ...PLAIN, hosts: [{ host: "localhost", port: 6_379 }] }],
  ["REDISS://[::1]:6380/3", { ...PLAIN, tls: true, database: 3, hosts: [{ host: "::1", port: 6_380 }] }],
  [
    "redis://ada:p%40ss%3Aw%2Frd@cache.example.com/",
    { ...PLAIN, user: "ada", password: "p@ss:w/rd", hosts: [{ host: "cache.example.com", port: 6_379 }] },
  ],
  ["redis://:secret@h", { ...PLAIN, password: "secret", hosts: [{ host: "h", port: 6_379 }] }],
  [
    "rediss+cluster://:s@a:7000,b:7001,[fe80::1]",
    {
      ...PLAIN,
      kind: "cluster",
      tls: true,
      password: "s",
      hosts: [
        { host: "a", port: 7_000 },
        { host: "b", port: 7_001 },
        { host: "fe80::1", port: 6_379 },
      ],
    },
  ],
  [
    "redis+sentinel://u:p@a,b:26380/main%20one/2?sentinelUser=watch&sentinelPassword=w%26x",
    {
      ...PLAIN,
      kind: "sentinel",
      user: "u",
      password: "p",
      database: 2,
      master: "main one",
      sentinelUser: "watch",
      sentinelPassword: "w&x",
      hosts: [
        { host: "a", port: 26_379 },
        { host: "b", port: 26_380 },
      ],
    },
  ],
])("understands %s", (address, place) => {
  expect(readRedisAddress(address)).toStrictEqual(place);
});

test.each([
  ["", "is not the address"],
  ["localhost:6379", "is not the address"],
  ["http://localhost", "is not the address"],
  ["redis+magic://localhost", "is not the address"],
  ["redis://", "is not the address"],
  ["redis://host#part", "is not the address"],
  ["redis://a,b", "not whether they are a cluster"],
  ["redis://host:0", "a host or a port"],
  ["redis://host:65536", "a host or a port"],
  ["redis+cluster://a,,b", "a host or a port"],
  ["redis://secret@host", "percent-encoded"],
  ["redis://u:100%@host", "percent-encoded"],
  ["redis://host/one", "a database that is not a number"],
  ["redis://host/1/2", "a database that is not a number"],
  ["redis+cluster://host/1", "a cluster has only one"],
  ["redis+sentinel://host", "what the Sentinels call"],
  ["redis+sentinel://host//1", "what the Sentinels call"],
  ["redis://host?timeout=1", "behind its question mark"],
])("refuses %s", (address, why) => {
  expect(readRedisAddress(address)).toContain(why);
});

test("whatever is in a password, it comes out as it was, and never in a refusal", () => {
  const password = fc.string({ minLength: 8, unit: "grapheme" });
  fc.assert(
    fc.property(password, (text) => {
      const place = readRedisAddress(`redis://u:${encodeURIComponent(text)}@host`);
      expect(place).toMatchObject({ password: text });
      const refused = readRedisAddress(`redis://u:${encodeURIComponent(text)}@host/no-number`);
      expect(refused).toBe("has a database that is not a number");
    }),
  );
});
