import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** A key pair that the provider hands to an application when it is registered. */
export interface ApplicationKey {
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  /** SPKI PEM. */
  readonly publicKey: string;
}

/** The two kinds of key that applications sign with: P-256 for ES256, RSA 2048 for RSA with SHA-256. */
export interface ApplicationKeys {
  ec(): Promise<ApplicationKey>;
  rsa(): Promise<ApplicationKey>;
}

/** Each key is made when it is first asked for: few tests need one, and an RSA key takes a while. */
export function createApplicationKeys(): ApplicationKeys {
  let ec: Promise<ApplicationKey> | null = null;
  let rsa: Promise<ApplicationKey> | null = null;
  return {
    ec() {
      ec ??= generate("ec", { namedCurve: "P-256" }).then(toPem);
      return ec;
    },
    rsa() {
      rsa ??= generate("rsa", { modulusLength: 2048 }).then(toPem);
      return rsa;
    },
  };
}

function toPem({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): ApplicationKey {
  return {
    privateKey: String(privateKey.export({ format: "pem", type: "pkcs8" })),
    publicKey: String(publicKey.export({ format: "pem", type: "spki" })),
  };
}
