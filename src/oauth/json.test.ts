import { expect, test } from "vitest";
import { parseJson, readJson } from "./json.ts";

test("whole numbers beyond 2^53 keep their digits", () => {
  expect(parseJson('{"id":9007199254740993,"ids":[-12345678901234567890, 9007199254740991, 7]}')).toEqual({
    id: "9007199254740993",
    ids: ["-12345678901234567890", 9007199254740991, 7],
  });
});

test("other numbers stay numbers", () => {
  expect(parseJson('{"a":1.5,"b":1e300,"c":-0.1234567890123456789}')).toEqual({
    a: 1.5,
    b: 1e300,
    c: -0.12345678901234568,
  });
});

test.each(['{"__proto__":{"admin":true},"a":1}', '{"\\u005f_proto__":{"admin":true},"a":1}'])(
  "%s pollutes nothing",
  (text) => {
    const parsed = Object.assign({}, parseJson(text));
    expect(parsed).toEqual({ a: 1 });
    expect((parsed as { admin?: unknown }).admin).toBeUndefined();
  },
);

test.each([
  ["application/json", "{}", null],
  ["application/json; charset=utf-8", "{}", null],
  ["Application/JWK-Set+JSON", "{}", null],
  ["text/html", "{}", "content_type"],
  ["text/json", "{}", "content_type"],
  ["application/jsonp", "{}", "content_type"],
  ["application/json", "{", "json_malformed"],
  ["application/json", "", "json_malformed"],
  ["application/json", "[".repeat(200_000), "json_malformed"],
])("%s %#: %s", async (type, body, reason) => {
  const reading = readJson(new Response(body, { headers: { "content-type": type } }), "token");
  if (reason === null) await expect(reading).resolves.toEqual({});
  else await expect(reading).rejects.toMatchObject({ code: "provider_untrusted", reason });
});
