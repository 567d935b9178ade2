import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate that nobody vouches for, with its key: PEM, as `node:https` takes them. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate for a server of a test (X.509 v3, ECDSA with SHA-256). Browsers must be told to take it. */
export function selfSigned(commonName: string): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(set(sequence(oid(OID.commonName), tagged(UTF8_STRING, Buffer.from(commonName)))));
  const toBeSigned = sequence(
    tagged(VERSION, tagged(INTEGER, Buffer.of(2))),
    tagged(INTEGER, Buffer.of(1)),
    sequence(oid(OID.ecdsaWithSha256)),
    name,
    sequence(tagged(UTC_TIME, Buffer.from("200101000000Z")), tagged(UTC_TIME, Buffer.from("491231235959Z"))),
    name,
    publicKey.export({ format: "der", type: "spki" }),
  );
  const signature = Buffer.concat([Buffer.of(0), sign("sha256", toBeSigned, privateKey)]);
  const certificate = sequence(toBeSigned, sequence(oid(OID.ecdsaWithSha256)), tagged(BIT_STRING, signature));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION = 0xa0;

/** Encoded already (ITU-T X.690 §8.19): 2.5.4.3 and 1.2.840.10045.4.3.2. */
const OID = { commonName: "550403", ecdsaWithSha256: "2a8648ce3d040302" };

function oid(hex: string): Buffer {
  return tagged(OBJECT_IDENTIFIER, Buffer.from(hex, "hex"));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(SEQUENCE, Buffer.concat(parts));
}

function set(part: Buffer): Buffer {
  return tagged(SET, part);
}

/** Tag, length, content (DER). */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}
