import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type { Encoding } from "./decode-text.ts";
import { openTransfer } from "./read-transfer.ts";
import type { TransferRow } from "./transfer-record.ts";

async function* chunks(bytes: Uint8Array, size = 11): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += size) yield bytes.subarray(from, from + size);
}

async function read(bytes: Uint8Array, encoding: Encoding | null = null, size = 11) {
  const opened = await openTransfer(chunks(bytes, size), { format: null, encoding });
  const rows: TransferRow[] = [];
  for await (const row of opened.rows) rows.push(row);
  return { ...opened, rows };
}

const utf8 = (text: string) => Buffer.from(text, "utf8");
const user = (more: object = {}) => ({
  type: "user",
  email: "ada@example.com",
  identities: [{ provider: "google", issuer: "https://accounts.google.com", subject: "108" }],
  ...more,
});
const line = async (value: unknown) => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const { rows } = await read(utf8(`{"type":"waiting","who":"x@example.com"}\n${text}\n`), null, 65_536);
  return rows[1];
};

const CSV = "email,roles,name\nada@example.com,member,张伟\n";
// Of "张伟", as Chinese Excel writes it.
const GB18030 = Buffer.concat([
  Buffer.from("email,roles,name\nada@example.com,member,"),
  Buffer.from([0xd5, 0xc5, 0xce, 0xb0]),
  Buffer.from("\n"),
]);

test.each<readonly [string, Uint8Array, Encoding]>([
  ["UTF-8", utf8(CSV), "utf-8"],
  ["UTF-8 with its mark", utf8(`\uFEFF${CSV}`), "utf-8"],
  ["GB18030", GB18030, "gb18030"],
  ["UTF-16 with its mark", Buffer.from(`\uFEFF${CSV}`, "utf16le"), "utf-16le"],
  ["UTF-16 without", Buffer.from(CSV, "utf16le"), "utf-16le"],
  ["UTF-16, the other way round", Buffer.from(`\uFEFF${CSV}`, "utf16le").swap16(), "utf-16be"],
])("%s is recognised, in pieces of every size", async (_, bytes, encoding) => {
  for (const size of [1, 2, 3, 7, 4096]) {
    const opened = await read(bytes, null, size);
    expect(opened).toMatchObject({ encoding, format: "csv" });
    expect(opened.rows).toMatchObject([{ line: 2, record: { kind: "waiting", who: "ada@example.com" } }]);
  }
});

test("bytes that are no text of the encoding end the file at their line, and are never repaired", async () => {
  const broken = Buffer.concat([
    utf8("email,roles\nada@example.com,member\n"),
    Buffer.from([0xff, 0xff, 0x0a]),
  ]);
  await expect(read(broken)).rejects.toMatchObject({ problem: "encoding_unknown" });
  await expect(read(broken, "utf-8", 4096)).rejects.toMatchObject({ problem: "encoding_invalid" });
});

test("a file of ours must end as ours do, and not be of a later version", async () => {
  const header = (version: number) => `{"type":"postern-export","version":${version}}\n`;
  await expect(read(utf8(header(1)))).rejects.toMatchObject({ problem: "ends_early" });
  await expect(read(utf8(header(2)))).rejects.toMatchObject({ problem: "version_unknown", line: 1 });
  expect((await read(utf8(`${header(1)}{"type":"end","records":0}\n`))).rows).toEqual([]);
});

test("a file of ours that holds fewer records than it says has a hole", async () => {
  const header = '{"type":"postern-export","version":1}';
  const record = JSON.stringify(user());
  const file = (...lines: readonly string[]) => read(utf8(`${[header, ...lines].join("\n")}\n`), null, 4096);
  const end = (records: unknown) => JSON.stringify({ type: "end", records });
  await expect(file(record, end(2))).rejects.toMatchObject({
    problem: "records_missing",
    line: 3,
    about: "1/2",
  });
  // Two lines that have become one by what is missing between them.
  const torn = record.slice(0, 20) + record.slice(40);
  await expect(file(record, torn, end(3))).rejects.toMatchObject({ problem: "records_missing" });
  for (const [records, told] of [
    [[record, record], 2],
    [[record, "", torn], 2],
    // Somebody has added one, or does not count.
    [[record, record], 1],
    [[record], undefined],
  ] as const)
    expect((await file(...records, end(told))).rows).toHaveLength(records.filter(Boolean).length);
});

test("a line of 100 MB is left out, and costs no memory", async () => {
  // What is held, and not what has yet to be collected.
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 2 ** 20;
  };
  const megabytes: number[] = [];
  async function* huge(): AsyncGenerator<Uint8Array> {
    yield utf8('{"type":"waiting","who":"');
    const megabyte = Buffer.alloc(1024 * 1024, "x");
    for (let n = 0; n < 100; n++) {
      if (n % 45 === 5) megabytes.push(held());
      yield megabyte;
    }
    yield utf8(`"}\n${JSON.stringify(user())}\n`);
  }
  const { rows } = await openTransfer(huge(), { format: "jsonl", encoding: "utf-8" });
  const found: TransferRow[] = [];
  for await (const row of rows) found.push(row);
  expect(found).toMatchObject([
    { line: 1, problem: { code: "too_long" } },
    { line: 2, record: { kind: "user" } },
  ]);
  const [early = 0, , late = 0] = megabytes;
  expect(late - early).toBeLessThan(20);
});

test.each<readonly [string, unknown, object]>([
  ["no JSON", "{", { code: "not_json" }],
  ["a list", [], { code: "not_a_record" }],
  ["null", null, { code: "not_a_record" }],
  ["another type", { type: "session" }, { code: "not_a_record" }],
  ["a misspelt field", user({ emial: "x" }), { code: "unknown_field", about: "emial", guess: "email" }],
  [
    "a prototype",
    '{"type":"user","__proto__":{"id":"usr_1"}}',
    { code: "unknown_field", about: "__proto__" },
  ],
  ["a constructor", user({ constructor: {} }), { code: "unknown_field", about: "constructor" }],
  ["an id of something else", user({ id: "ses_01k00000000000000000000000" }), { about: "id" }],
  ["an id that is short", user({ id: "usr_1" }), { about: "id" }],
  ["a status that there is not", user({ status: "root" }), { about: "status" }],
  ["control characters", user({ name: "Ada\u0007" }), { about: "name" }],
  ["text that turns round", user({ name: "Ada\u202E" }), { about: "name" }],
  [
    "half a character",
    '{"type":"user","id":"usr_01k00000000000000000000000","name":"\\ud800"}',
    { about: "name" },
  ],
  ["a name of a megabyte", user({ name: "x".repeat(3000) }), { about: "name" }],
  ["a picture that is script", user({ picture: "javascript:alert(1)" }), { about: "picture" }],
  ["an e-mail with two @", user({ email: "a@b@c" }), { about: "email" }],
  ["a time that is none", user({ createdAt: "yesterday" }), { about: "createdAt" }],
  ["a time before time", user({ createdAt: "1960-01-01T00:00:00Z" }), { about: "createdAt" }],
  ["a number for a name", user({ name: 7 }), { about: "name" }],
  ["roles that are no list", user({ roles: "owner" }), { about: "roles" }],
  ["ten thousand roles", user({ roles: Array(10_000).fill("member") }), { about: "roles" }],
  [
    "a subject with a line break",
    user({ identities: [{ provider: "g", issuer: "i", subject: "1\n2" }] }),
    {},
  ],
  [
    "an identity without issuer",
    user({ identities: [{ provider: "g", subject: "1" }] }),
    { about: "issuer" },
  ],
  [
    "a verified that is text",
    user({ identities: [{ provider: "g", issuer: "i", subject: "1", emailVerified: "true" }] }),
    { about: "emailVerified" },
  ],
  [
    "an identity twice",
    user({ identities: [1, 2].map(() => ({ provider: "g", issuer: "i", subject: "1" })) }),
    { code: "identity_twice" },
  ],
  ["nobody", { type: "user", name: "Ada" }, { code: "not_recognisable" }],
])("%s is refused", async (_, value, problem) => {
  expect(await line(value)).toMatchObject({ line: 2, problem });
  expect(({} as { id?: string }).id).toBeUndefined();
});
