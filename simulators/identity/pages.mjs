// Pages of the simulator: plain, readable on a phone, and unlike the real services so that nobody takes them for those.
const STYLE = `
  body { margin: 0; font: 1rem/1.7 "Noto Sans JP", sans-serif; color: #1a1a1c; background: #fff; }
  header { background: #414143; color: #fff; padding: .75rem 1rem; font-weight: bold; }
  main { max-width: 36rem; margin: 0 auto; padding: 1rem; }
  h1 { font-size: 1.5rem; }
  .note { border-left: 8px solid #8b5000; background: #fff6e5; padding: .75rem 1rem; }
  fieldset { border: 0; margin: 0; padding: 0; }
  legend { font-weight: bold; padding: 0 0 .5rem; }
  .person { display: flex; gap: .75rem; border: 1px solid #767676; border-radius: 8px; padding: .75rem; margin: 0 0 .5rem; }
  .person input { width: 1.5rem; height: 1.5rem; flex: none; }
  summary { padding: .75rem 0; min-height: 1.5rem; }
  select { font: inherit; width: 100%; min-height: 3rem; background: #fff; border: 1px solid #626264; border-radius: 8px; }
  button { font: inherit; font-weight: bold; min-height: 3rem; padding: 0 1.5rem; border-radius: 8px; border: 2px solid #264af4; color: #fff; background: #264af4; }
  button.second { color: #264af4; background: #fff; }
  .buttons { display: flex; flex-wrap: wrap; gap: .75rem; }
  code { overflow-wrap: anywhere; }
  :focus-visible { outline: 4px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #ffd43d; }`;

export const escape = (value) =>
  String(value).replace(/[&<>"']/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign]);

export const text = (lines) => lines.map((line) => `<p>${escape(line)}</p>`).join("");

export function sendPage(response, status, title, content) {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(`<!doctype html><html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><header>模擬サービス（見本・試験用）</header><main><h1>${escape(title)}</h1>${content}</main></body></html>`);
}
