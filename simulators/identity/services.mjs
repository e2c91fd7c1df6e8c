// The two services as configurations of oidc-provider, with the paths, scopes, algorithms and levels of the real ones.
import { createHash, createHmac, randomBytes } from "node:crypto";

import { exportJWK, generateKeyPair } from "jose";
import Provider, { interactionPolicy } from "oidc-provider";

import { interact } from "./interactions.mjs";
import { personOf, tamper } from "./misbehaviour.mjs";
import { hasTransaction } from "./signing.mjs";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)+localhost)$/;
const CALLBACK = /^\/identity\/callback\/[a-z0-9_]+\/$/;

async function signingKeys(algorithm) {
  const make = async (kid) => {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    return { ...(await exportJWK(pair.privateKey)), alg: algorithm, use: "sig", kid };
  };
  return {
    current: await make(`current-${randomBytes(4).toString("hex")}`),
    withdrawn: await make(`withdrawn-${randomBytes(4).toString("hex")}`),
    unknown: await make(`unknown-${randomBytes(4).toString("hex")}`),
  };
}

// Each visit asks for the card again: there is no single sign-on to ride on.
function alwaysAsk() {
  const policy = interactionPolicy.base();
  policy.get("login").checks.add(
    new interactionPolicy.Check("card_needed", "the card is needed each time", (ctx) =>
      ctx.oidc.result?.login ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT,
    ),
  );
  return policy;
}

async function build({ base, mount, issuer, title, people, keys, settings }) {
  const service = { mount, title, people, keys, base };
  const provider = new Provider(issuer, {
    jwks: { keys: [keys.current] },
    findAccount: (ctx, id) => {
      const person = people.find((one) => one.id === personOf(id));
      return person && { accountId: id, claims: async () => ({ sub: id, ...person.claims }) };
    },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(" "));
      await grant.save();
      return grant;
    },
    // Under each client one and the same person has another number, whatever the simulator was asked to do wrong.
    pairwiseIdentifier: (ctx, id, client) =>
      createHash("sha256").update(`${issuer}|${client.clientId}|${personOf(id)}`).digest("base64url"),
    subjectTypes: ["pairwise"],
    pkce: { required: () => true },
    interactions: { policy: alwaysAsk(), url: (ctx, interaction) => `${mount}/interaction/${interaction.uid}` },
    cookies: { keys: [randomBytes(32).toString("hex")], names: cookieNames(title) },
    responseTypes: ["code"],
    ttl: { AccessToken: 3600, AuthorizationCode: 300, ClientCredentials: 600, Grant: 3600, IdToken: 600, Interaction: 900, Session: 3600 },
    ...settings,
  });
  provider.Client.prototype.redirectUriAllowed = (uri) => {
    const url = URL.canParse(uri) && new URL(uri);
    return Boolean(url) && LOOPBACK.test(url.hostname) && CALLBACK.test(url.pathname) && uri.length <= 255;
  };
  provider.use((ctx, next) => tamper(ctx, next, service));
  service.provider = provider;
  service.handle = provider.callback();
  service.interact = (request, response) => interact(request, response, service);
  service.publishWithdrawn = (isPublished) => {
    service.withdrawnIsPublished = isPublished;
  };
  return service;
}

function cookieNames(title) {
  const suffix = createHmac("sha256", "cookie").update(title).digest("hex").slice(0, 6);
  return { interaction: `_i_${suffix}`, resume: `_r_${suffix}`, session: `_s_${suffix}` };
}

export async function digitalAuthApp(base, configuration) {
  const { client_id, jwks } = configuration.clients.digital_auth_app;
  const path = "/protocol/openid-connect";
  return build({
    base,
    mount: "/api/realms/main",
    issuer: `${base}/api/realms/main`,
    title: "デジタル認証アプリ（模擬）",
    people: configuration.people,
    keys: await signingKeys("ES256"),
    settings: {
      scopes: ["openid", "name", "address", "birthdate", "gender", "sign"],
      claims: {
        openid: ["sub"],
        name: ["name"],
        address: ["address"],
        birthdate: ["birthdate"],
        gender: ["gender"],
        acr: null,
        auth_time: null,
      },
      acrValues: ["aal3", "crl"],
      routes: {
        authorization: `${path}/auth`,
        token: `${path}/token`,
        userinfo: `${path}/userinfo`,
        jwks: `${path}/certs`,
      },
      clientAuthMethods: ["private_key_jwt"],
      features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true } },
      extraParams: {
        sign_transaction_id(ctx, value) {
          if (value !== undefined && !hasTransaction(value)) {
            const error = new Error("invalid_request");
            Object.assign(error, { error: "invalid_request", error_description: "unknown sign_transaction_id", expose: true, status: 400, statusCode: 400 });
            throw error;
          }
        },
      },
      clients: [
        {
          client_id,
          jwks,
          redirect_uris: [`${base}/unused`],
          response_types: ["code"],
          grant_types: ["authorization_code", "client_credentials"],
          token_endpoint_auth_method: "private_key_jwt",
          id_token_signed_response_alg: "ES256",
          require_auth_time: true,
          subject_type: "pairwise",
          scope: "openid name address birthdate gender sign",
        },
      ],
    },
  });
}

export async function gbizid(base, configuration) {
  const { client_id, client_secret } = configuration.clients.gbizid;
  return build({
    base,
    mount: "/oauth",
    issuer: `${base}/oauth/`,
    title: "GビズID（模擬）",
    people: configuration.businesses,
    keys: await signingKeys("RS256"),
    settings: {
      scopes: ["openid", "profile", "email", "mandate"],
      claims: {
        openid: ["sub"],
        profile: [
          "account_type",
          "corp_type",
          "corporate_number",
          "name",
          "prefecture_name",
          "address1",
          "address2",
          "rep_last_nm",
          "rep_first_nm",
          "rep_last_nm_kana",
          "rep_first_nm_kana",
        ],
        email: ["email"],
        mandate: ["mandate_info"],
        auth_time: null,
      },
      routes: { authorization: "/authorize", token: "/token", userinfo: "/userinfo", jwks: "/.well-known/jwks.json" },
      clientAuthMethods: ["client_secret_basic"],
      features: { devInteractions: { enabled: false } },
      clients: [
        {
          client_id,
          client_secret,
          redirect_uris: [`${base}/unused`],
          response_types: ["code"],
          grant_types: ["authorization_code"],
          token_endpoint_auth_method: "client_secret_basic",
          id_token_signed_response_alg: "RS256",
          require_auth_time: true,
          subject_type: "pairwise",
          scope: "openid profile email mandate",
        },
      ],
    },
  });
}

