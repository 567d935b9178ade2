import { type KeyObject, sign, verify } from "node:crypto";

/** Whether the application has signed the request (RSA2: RSA with SHA-256, PKCS #1 v1.5). `publicKey` is SPKI PEM. */
export function isSignedBy(publicKey: string, parameters: URLSearchParams): boolean {
  const signature = Buffer.from(parameters.get("sign") ?? "", "base64");
  return verify("sha256", Buffer.from(signedText(parameters)), publicKey, signature);
}

/** An answer under its name, with the signature over its own characters beside it. */
export function signedAnswer(name: string, content: unknown, privateKey: KeyObject): string {
  const text = JSON.stringify(content);
  const signature = sign("sha256", Buffer.from(text), privateKey).toString("base64");
  return `{${JSON.stringify(name)}:${text},"sign":${JSON.stringify(signature)}}`;
}

/** What is signed: every parameter that has a value, sorted by name, `name=value` between ampersands, not encoded. */
function signedText(parameters: URLSearchParams): string {
  return [...parameters]
    .filter(([name, value]) => name !== "sign" && value !== "")
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}
