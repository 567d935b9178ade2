/** Signs ID tokens for fixtures, and has the key set that proves them (RFC 7515, RFC 7517). */
export interface IdTokenSigner {
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
  keySet(): Promise<unknown>;
}

const ALGORITHMS = {
  RS256: {
    key: {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    signature: { name: "RSASSA-PKCS1-v1_5" },
  },
  PS256: {
    key: { name: "RSA-PSS", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    signature: { name: "RSA-PSS", saltLength: 32 },
  },
  ES256: {
    key: { name: "ECDSA", namedCurve: "P-256" },
    signature: { name: "ECDSA", hash: "SHA-256" },
  },
  ES384: {
    key: { name: "ECDSA", namedCurve: "P-384" },
    signature: { name: "ECDSA", hash: "SHA-384" },
  },
} as const;

type Algorithm = keyof typeof ALGORITHMS;

/** A signer with a key of its own, by the first of the given algorithms that it knows. @throws Error when it knows none */
export async function createIdTokenSigner(algorithms: readonly string[]): Promise<IdTokenSigner> {
  const alg = algorithms.find((name): name is Algorithm => Object.hasOwn(ALGORITHMS, name));
  if (alg === undefined) throw new Error(`No fixture can sign by any of: ${algorithms.join(", ")}`);
  const { key, signature } = ALGORITHMS[alg];
  const pair = await crypto.subtle.generateKey(key, true, ["sign", "verify"]);
  return {
    async sign(claims) {
      const input = `${encode({ alg, kid: "fixture" })}.${encode(claims)}`;
      const bytes = await crypto.subtle.sign(signature, pair.privateKey, new TextEncoder().encode(input));
      return `${input}.${Buffer.from(bytes).toString("base64url")}`;
    },
    async keySet() {
      const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
      return { keys: [{ kty, crv, x, y, n, e, kid: "fixture", use: "sig", alg }] };
    },
  };
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
