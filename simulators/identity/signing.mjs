// The signature interface: a digest is announced, the person agrees on the page, the result comes as a JWE for the client.
import { constants, createHash, privateEncrypt, randomUUID } from "node:crypto";

import { CompactEncrypt, importJWK } from "jose";

import { escape } from "./pages.mjs";
import { personOf } from "./misbehaviour.mjs";

export const SIGNING_BEHAVIOURS = {
  sign_other_document: "別の文書に署名する",
  sign_with_other_key: "証明書と違う鍵で署名する",
  sign_with_other_certificate: "別人の証明書を付ける",
};

const PATH = /^\/api\/sign-transactions\/([0-9a-f-]{36})\/result$/;
// DER of a DigestInfo for SHA-256, up to the digest (RFC 8017, 9.2).
const DIGEST_INFO = Buffer.from("3031300d060960864801650304020105000420", "hex");
const transactions = new Map();

export const hasTransaction = (id) => transactions.has(id);

export function describeTransaction(id) {
  const { digest } = transactions.get(id) ?? { digest: Buffer.alloc(0) };
  return `文書のハッシュ値（SHA-256）に署名します。<br><code>${escape(digest.toString("hex"))}</code>`;
}

export function agree(id, person, behaviour) {
  const transaction = transactions.get(id);
  if (transaction) Object.assign(transaction, { person, behaviour });
}

export async function handleSigning(request, response, service, configuration) {
  const path = new URL(request.url, service.base).pathname;
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (request.method === "POST" && path === "/api/sign-transactions") return announce(request, response, service, token);
  const found = PATH.exec(path);
  if (request.method === "GET" && found) return result(response, service, token, found[1], configuration);
  return send(response, 404, { error: "not_found" });
}

async function announce(request, response, service, token) {
  const granted = await service.provider.ClientCredentials.find(token);
  if (!granted?.isValid || !granted.scope?.split(" ").includes("sign")) return send(response, 401, { error: "invalid_token" });
  let body = "";
  for await (const part of request) body += part;
  const asked = parse(body);
  const digest = Buffer.from(String(asked.digest ?? ""), "base64");
  if (digest.length !== 32 || asked.digest_algorithm !== "SHA-256") return send(response, 400, { error: "invalid_request" });
  const id = randomUUID();
  transactions.set(id, { digest });
  return send(response, 201, { sign_transaction_id: id });
}

async function result(response, service, token, id, configuration) {
  const granted = await service.provider.AccessToken.find(token);
  const transaction = transactions.get(id);
  if (!granted?.isValid || !granted.scope?.split(" ").includes("sign")) return send(response, 401, { error: "invalid_token" });
  if (!transaction?.person || transaction.person.id !== personOf(granted.accountId)) return send(response, 404, { error: "not_signed" });
  const { person, behaviour, digest } = transaction;
  const other = service.people.find((one) => one.id !== person.id && one.key);
  const target = behaviour === "sign_other_document" ? createHash("sha256").update("another document").digest() : digest;
  const signer = behaviour === "sign_with_other_certificate" ? other : person;
  const key = behaviour === "sign_with_other_key" ? other.key : signer.key;
  const signature = privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([DIGEST_INFO, target]));
  const sealed = await seal({ signature: signature.toString("base64"), certificate: signer.certificate }, configuration);
  return send(response, 200, { sign_transaction_id: id, result: sealed });
}

async function seal(content, configuration) {
  const key = configuration.clients.digital_auth_app.jwks.keys.find((one) => one.use === "enc");
  return new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM", kid: key.kid })
    .encrypt(await importJWK(key, "RSA-OAEP-256"));
}

function parse(body) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

function send(response, status, body) {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
