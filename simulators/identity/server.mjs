// Two public identity services played on loopback by a real OpenID provider: デジタル認証アプリ (persons, with signatures) and
// GビズID (businesses). For demonstrations and tests alone: everybody here is invented, and it misbehaves when asked to.
//
//   node simulators/identity/server.mjs CONFIGURATION PORT
//
// `madoguchi simulator identity` writes the configuration (people, client keys, revocation list) and starts this.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import { digitalAuthApp, gbizid } from "./services.mjs";
import { handleSigning } from "./signing.mjs";
import { sendPage, text } from "./pages.mjs";

const [file, portText] = process.argv.slice(2);
const port = Number(portText);
if (!file || !Number.isInteger(port)) {
  console.error("usage: node server.mjs CONFIGURATION PORT");
  process.exit(2);
}
const configuration = JSON.parse(readFileSync(file, "utf8"));
const base = `http://127.0.0.1:${port}`;
const services = [await digitalAuthApp(base, configuration), await gbizid(base, configuration)];
const [persons] = services;

async function answer(request, response) {
  const path = new URL(request.url, base).pathname;
  if (path === "/") return sendPage(response, 200, "本人確認の模擬サービス", text(services.map((one) => one.title)));
  if (path === "/crl/sign.crl") return sendList(response);
  if (path === "/simulator/keys" && request.method === "POST") return switchKeys(request, response);
  if (path.startsWith("/api/sign-transactions")) return handleSigning(request, response, persons, configuration);
  const service = services.find((one) => path.startsWith(`${one.mount}/`));
  if (!service) return sendPage(response, 404, "ありません", "<p>このアドレスには何もありません。</p>");
  if (path.startsWith(`${service.mount}/interaction/`)) return service.interact(request, response);
  request.originalUrl = request.url;
  request.url = request.url.slice(service.mount.length);
  return service.handle(request, response);
}

function sendList(response) {
  response.writeHead(200, { "content-type": "application/pkix-crl" });
  response.end(Buffer.from(configuration.revocation_list, "base64"));
}

// Publish the withdrawn key again, or withdraw it: POST {"withdrawn_key_is_published": true}.
async function switchKeys(request, response) {
  const asked = await json(request);
  for (const service of services) service.publishWithdrawn(asked.withdrawn_key_is_published === true);
  response.writeHead(204).end();
}

async function json(request) {
  let body = "";
  for await (const part of request) body += part;
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) sendPage(response, 500, "模擬サービスの誤り", "<p>端末の記録をご覧ください。</p>");
  });
});
server.on("error", (error) => {
  console.error(`127.0.0.1:${port}: ${error.code}`);
  process.exit(1);
});
server.listen(port, "127.0.0.1", () => console.log(`ready ${base}`));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
