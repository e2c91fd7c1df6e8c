// Bundles the front end into src/madoguchi/site/static/build. Needs Node 20 and the packages of package-lock.json, no network.
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const packages = path.join(root, "node_modules");
const sources = path.join(root, "frontend");
const home = path.join(root, "src/madoguchi/site/static/build");
// Built beside and put in place at the end: a failed build leaves what was there, and a running server never misses a file.
const target = process.argv.includes("--watch") ? home : `${home}.new`;
const targets = ["chrome111", "firefox115", "safari16"];

const PDF_FONTS = [
  ["biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf", "BIZUDPGothic-Regular.ttf"],
  ["biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf", "BIZUDPGothic-Bold.ttf"],
  ["biz-udpmincho/400Regular/BIZUDPMincho_400Regular.ttf", "BIZUDPMincho-Regular.ttf"],
  ["biz-udpmincho/700Bold/BIZUDPMincho_700Bold.ttf", "BIZUDPMincho-Bold.ttf"],
];

// The tokens name the family "Noto Sans JP", the font package adds " Variable": one name serves both.
const fontFamily = {
  name: "font-family",
  setup(build) {
    build.onLoad({ filter: /noto-sans-jp[\\/]index\.css$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replaceAll("Noto Sans JP Variable", "Noto Sans JP"),
      loader: "css",
      resolveDir: path.dirname(file),
    }));
  },
};

// Of the editor's icon font only the format every supported browser reads.
const bpmnFont = {
  name: "bpmn-font",
  setup(build) {
    build.onLoad({ filter: /bpmn-font[\\/]css[\\/]bpmn\.css$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replace(/@font-face \{[^}]*\}/, "@font-face{font-family:'bpmn';src:url('../font/bpmn.woff2') format('woff2')}"),
      loader: "css",
      resolveDir: path.dirname(file),
    }));
  },
};

const options = {
  bundle: true,
  format: "esm",
  minify: true,
  target: targets,
  outdir: target,
  entryNames: "[name]",
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "none",
  logLevel: "info",
  plugins: [fontFamily, bpmnFont],
  entryPoints: ["css/app.css", "css/fonts.css", "js/app.js", "js/staff.js", "js/auth.js", "js/work.js", "js/bpmn.js", "css/bpmn.css", "js/builder.js", "js/surveys.js", "js/inbox.js", "js/push.js", "js/push-worker.js", "css/builder.css", "js/signage.js", "js/signage-pair.js", "js/signage-sw.js", "css/signage.css"].map((name) => path.join(sources, name)),
};

async function copyAssets() {
  await mkdir(path.join(target, "pdf-fonts"), { recursive: true });
  await cp(path.join(packages, "htmx.org/dist/htmx.min.js"), path.join(target, "htmx.js"));
  await cp(path.join(sources, "icon.svg"), path.join(target, "icon.svg"));
  for (const [from, to] of PDF_FONTS) {
    await cp(path.join(packages, "@expo-google-fonts", from), path.join(target, "pdf-fonts", to));
  }
  await cp(path.join(packages, "@expo-google-fonts/biz-udpgothic/LICENSE_FONT"), path.join(target, "pdf-fonts/OFL.txt"));
  await writeFile(path.join(target, "LICENSES.txt"), await licences());
}

// The web server answers with these where the browser understands them.
async function compress() {
  for (const name of await readdir(target)) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    const content = await readFile(path.join(target, name));
    await writeFile(path.join(target, `${name}.gz`), gzipSync(content, { level: 9 }));
    await writeFile(path.join(target, `${name}.br`), brotliCompressSync(content));
  }
}

async function licences() {
  const names = ["@digital-go-jp/design-tokens", "@fontsource-variable/noto-sans-jp", "htmx.org", "bpmn-js", "diagram-js", "bpmn-moddle", "moddle", "moddle-xml", "tiny-svg", "min-dash", "min-dom", "didi"];
  const parts = names.map(async (name) => {
    const { version, license } = JSON.parse(await readFile(path.join(packages, name, "package.json"), "utf8"));
    const text = await readFile(path.join(packages, name, "LICENSE"), "utf8").catch(() => "");
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return (await Promise.all(parts)).join("\n\n----\n\n");
}

if (process.argv.includes("--watch")) {
  await copyAssets();
  await (await esbuild.context(options)).watch();
} else {
  await rm(target, { recursive: true, force: true });
  await esbuild.build(options);
  await copyAssets();
  await compress();
  await rm(`${home}.old`, { recursive: true, force: true });
  await rename(home, `${home}.old`).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(target, home);
  await rm(`${home}.old`, { recursive: true, force: true });
}
