import { generateKeyPair, type JsonWebKey, type KeyObject, randomUUID } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** An RSA key pair and the name it goes by in the JWKS. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The keys of the provider. New at every start, so that nothing signed in rehearsal is worth anything elsewhere. */
export interface SigningKeys {
  current(): SigningKey;
  /** Signs with a new key from now on; the one before stays published, older ones are withdrawn. */
  rotate(): Promise<void>;
  /** A key that is never published. */
  stranger(): Promise<SigningKey>;
  /** The JSON Web Key Set (RFC 7517 §5), newest first. */
  published(): { readonly keys: readonly JsonWebKey[] };
}

/** Makes the first key: takes some tens of milliseconds. */
export async function createSigningKeys(): Promise<SigningKeys> {
  let current = await newKey();
  let previous: SigningKey | null = null;
  let stranger: Promise<SigningKey> | null = null;

  return {
    current: () => current,
    async rotate() {
      const next = await newKey();
      previous = current;
      current = next;
    },
    stranger() {
      stranger ??= newKey();
      return stranger;
    },
    published: () => ({ keys: [current, ...(previous === null ? [] : [previous])].map(toJwk) }),
  };
}

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
  return { kid: `rehearsal-${randomUUID()}`, privateKey, publicKey };
}

function toJwk(key: SigningKey): JsonWebKey {
  return { ...key.publicKey.export({ format: "jwk" }), kid: key.kid, use: "sig", alg: "RS256" };
}
