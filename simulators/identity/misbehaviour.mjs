// What a broken or hostile provider could do, on request: chosen on the page where one signs in, for that visit alone.
import { createHmac } from "node:crypto";

import { SignJWT, decodeJwt, exportSPKI, importJWK } from "jose";

export const BEHAVIOURS = {
  "": "正しく動く",
  weak_acr: "弱い認証だったと答える（acr が aal1）",
  missing_acr: "認証の強さ（acr）を答えない",
  wrong_issuer: "IDトークンの発行者（iss）を偽る",
  wrong_issuer_response: "戻りのアドレスの発行者（iss）を偽る",
  no_issuer_response: "戻りのアドレスに発行者（iss）を付けない",
  wrong_audience: "ほかのサービスあて（aud）のIDトークンを返す",
  two_audiences: "ほかのサービスとの連名（aud が2つ）のIDトークンを返す",
  expired_token: "期限の切れたIDトークンを返す",
  early_token: "未来の時刻のIDトークンを返す",
  withdrawn_key: "取り下げた鍵で署名する",
  unknown_key: "公開していない鍵で署名する",
  bad_signature: "IDトークンを書き換える",
  alg_none: "署名のないIDトークンを返す（alg none）",
  hmac_confusion: "公開鍵を共通鍵として署名する（HS256）",
  wrong_nonce: "ほかの回のIDトークン（nonce）を返す",
  wrong_token_hash: "ほかのアクセストークン（at_hash）のIDトークンを返す",
  wrong_subject: "別人の属性を返す",
  bad_claim: "実在しない生年月日を返す",
  replayed_code: "使い終わった認可コードを返す",
  server_error: "サービスの誤りと答える",
};

const SEPARATOR = "~";
let lastCode = "";

export const accountId = (person, behaviour) => (behaviour ? `${person}${SEPARATOR}${behaviour}` : person);
export const personOf = (id) => String(id).split(SEPARATOR)[0];
export const behaviourOf = (id) => String(id ?? "").split(SEPARATOR)[1] ?? "";

// Stands around every answer of the provider and spoils it as its person was asked to.
export async function tamper(ctx, next, service) {
  await next();
  const route = ctx.oidc?.route;
  if (route === "jwks" && service.withdrawnIsPublished) ctx.body = withWithdrawn(ctx.body, service.keys.withdrawn);
  if (route === "token" && ctx.body?.id_token) await spoilToken(ctx, service);
  if (route === "userinfo" && ctx.body) spoilUserinfo(ctx);
  if (route === "resume" || route === "authorization") spoilRedirect(ctx);
}

function withWithdrawn(body, key) {
  const { d, p, q, dp, dq, qi, ...open } = key;
  return { keys: [...body.keys, open] };
}

const CHANGED_CLAIMS = {
  weak_acr: () => ({ acr: "aal1" }),
  missing_acr: () => ({ acr: undefined }),
  wrong_issuer: () => ({ iss: "https://id.example.invalid/realms/main" }),
  wrong_audience: () => ({ aud: "another-service" }),
  two_audiences: (claims) => ({ aud: [claims.aud, "another-service"], azp: "another-service" }),
  expired_token: () => ({ iat: now() - 7200, exp: now() - 3600 }),
  early_token: () => ({ iat: now() + 3600, exp: now() + 7200 }),
  wrong_nonce: () => ({ nonce: "the-nonce-of-another-visit" }),
  wrong_token_hash: () => ({ at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }),
};
const now = () => Math.floor(Date.now() / 1000);

async function spoilToken(ctx, service) {
  lastCode = ctx.oidc.params.code ?? lastCode;
  const behaviour = behaviourOf(ctx.oidc.entities.AuthorizationCode?.accountId);
  const claims = decodeJwt(ctx.body.id_token);
  const changed = { ...claims, ...(CHANGED_CLAIMS[behaviour]?.(claims) ?? {}) };
  if (behaviour in CHANGED_CLAIMS) ctx.body.id_token = await signed(changed, service.keys.current);
  if (behaviour === "withdrawn_key") ctx.body.id_token = await signed(claims, service.keys.withdrawn);
  if (behaviour === "unknown_key") ctx.body.id_token = await signed(claims, service.keys.unknown);
  if (behaviour === "bad_signature") ctx.body.id_token = rewritten(ctx.body.id_token);
  if (behaviour === "alg_none") ctx.body.id_token = `${part({ alg: "none", kid: service.keys.current.kid })}.${part(claims)}.`;
  if (behaviour === "hmac_confusion") ctx.body.id_token = await confused(claims, service.keys.current);
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

const signed = async (claims, key) =>
  new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid }).sign(await importJWK(key, key.alg));

function rewritten(token) {
  const [header, , signature] = token.split(".");
  return [header, part({ ...decodeJwt(token), sub: "somebody-else" }), signature].join(".");
}

async function confused(claims, key) {
  const { d, p, q, dp, dq, qi, ...open } = key;
  const secret = await exportSPKI(await importJWK(open, key.alg));
  const start = `${part({ alg: "HS256", kid: key.kid })}.${part(claims)}`;
  return `${start}.${createHmac("sha256", secret).update(start).digest("base64url")}`;
}

function spoilUserinfo(ctx) {
  const behaviour = behaviourOf(ctx.oidc.entities.AccessToken?.accountId);
  const body = typeof ctx.body === "string" ? JSON.parse(ctx.body) : ctx.body;
  if (behaviour === "wrong_subject") ctx.body = { ...body, sub: "the-number-of-another-person" };
  if (behaviour === "bad_claim") ctx.body = { ...body, birthdate: "19990231", corporate_number: "1111111111111" };
}

function spoilRedirect(ctx) {
  const behaviour = behaviourOf(ctx.oidc.session?.accountId);
  const location = ctx.response.get("location");
  if (!behaviour || !location || !location.includes("/identity/callback/")) return;
  const url = new URL(location);
  if (behaviour === "wrong_issuer_response") url.searchParams.set("iss", "https://id.example.invalid/realms/main");
  if (behaviour === "no_issuer_response") url.searchParams.delete("iss");
  if (behaviour === "replayed_code") url.searchParams.set("code", lastCode || "a-code-nobody-issued");
  ctx.set("location", url.href);
}
