import { expect, test } from "vitest";
import { oauth1Authorization, signatureBase } from "./oauth1-signature.ts";

const APPLICATION = { consumerKey: "dpf43f3p2l4k3l03", consumerSecret: "kd94hf93k423kf44" };

test.each([
  [
    "temporary credentials",
    {
      method: "POST",
      url: "https://photos.example.net/initiate",
      protocol: { oauth_callback: "http://printer.example.com/ready" },
    },
    null,
    137131200,
    "wIjqoS",
    "74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D",
  ],
  [
    "token credentials",
    {
      method: "POST",
      url: "https://photos.example.net/token",
      protocol: { oauth_verifier: "hfdp7dh39dks9884" },
    },
    { value: "hh5s93j4hdidpola", secret: "hdhd0244k9j7ao03" },
    137131201,
    "walatlh",
    "gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D",
  ],
  [
    "a resource",
    { method: "GET", url: "http://photos.example.net/photos?file=vacation.jpg&size=original" },
    { value: "nnch734d00sl2jdk", secret: "pfkkdhi9sl3r4s00" },
    137131202,
    "chapoH",
    "MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D",
  ],
])("the request for %s of RFC 5849 §1.2", (_name, request, token, seconds, nonce, signature) => {
  const header = oauth1Authorization(request, { ...APPLICATION, token }, seconds * 1000, nonce);
  expect(header).toMatch(/^OAuth oauth_consumer_key="dpf43f3p2l4k3l03", /);
  expect(header).toContain(`oauth_signature="${signature}"`);
});

test("the signed text of RFC 5849 §3.4.1", () => {
  const request = {
    method: "post",
    url: "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
    form: { c2: "", a3: "2 q" },
  };
  const protocol = [
    ["oauth_consumer_key", "9djdj82h48djs9d2"],
    ["oauth_token", "kkk9d7dh3k39sjv7"],
    ["oauth_signature_method", "HMAC-SHA1"],
    ["oauth_timestamp", "137131201"],
    ["oauth_nonce", "7d8f3e4a"],
  ] as const;
  expect(signatureBase(request, protocol)).toBe(
    "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
  );
});

test("every request has a nonce of its own", () => {
  const request = { method: "GET", url: "https://photos.example.net/photos" };
  const sign = () => oauth1Authorization(request, { ...APPLICATION, token: null }, 0);
  expect(sign()).not.toBe(sign());
});
