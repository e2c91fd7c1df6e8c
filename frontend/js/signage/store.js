// What survives a reload and a cut network: small things in localStorage, files and pages in the caches of the service worker.
export const SHELL = "signage-shell-1";
export const FILES = "signage-files-1";

const memory = new Map();

export function keep(name, value) {
  const text = JSON.stringify(value);
  memory.set(name, text);
  try {
    localStorage.setItem(`signage.${name}`, text);
    return true;
  } catch {
    return false;
  }
}

export function recall(name, otherwise = null) {
  let text = memory.get(name);
  if (text === undefined) {
    try {
      text = localStorage.getItem(`signage.${name}`) ?? undefined;
    } catch {
      text = undefined;
    }
  }
  try {
    return text === undefined ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

// A store of the browser exists only where the page is served safely (https, or this machine itself).
export const canKeepFiles = () => "caches" in window && "serviceWorker" in navigator;

async function isIntact(response, digest) {
  if (!crypto.subtle) return true;
  const found = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("") === digest;
}

export class Files {
  constructor(complain) {
    this.complain = complain;
    this.ready = new Set();
    this.bytes = 0;
    this.busy = false;
  }

  has(address) {
    return !canKeepFiles() || this.ready.has(address);
  }

  // Fetch what is missing, check it, and throw away what no playlist has any more.
  async follow(assets) {
    if (!canKeepFiles() || this.busy) return;
    this.busy = true;
    try {
      const cache = await caches.open(FILES);
      const wanted = new Map(Object.values(assets).map((asset) => [asset.address, asset]));
      for (const request of await cache.keys()) {
        const address = new URL(request.url).pathname;
        if (wanted.has(address)) this.ready.add(address);
        else await cache.delete(request);
      }
      for (const [address, asset] of wanted) if (!this.ready.has(address)) await this.fetch(cache, address, asset);
      for (const address of this.ready) if (!wanted.has(address)) this.ready.delete(address);
      this.bytes = [...wanted.values()].filter((asset) => this.ready.has(asset.address)).reduce((sum, asset) => sum + asset.size, 0);
    } finally {
      this.busy = false;
    }
  }

  async fetch(cache, address, asset) {
    try {
      const response = await fetch(address, { cache: "no-store" });
      if (!response.ok) throw new Error(`${response.status}`);
      if (!(await isIntact(response, asset.digest))) throw new Error("digest");
      await cache.put(address, response);
      this.ready.add(address);
    } catch (error) {
      if (navigator.onLine) this.complain(`file ${address}: ${error.message}`);
    }
  }
}

// The shell as it was loaded, so that the next start needs no network. Later requests pass the service worker anyway.
export async function keepShell() {
  if (!canKeepFiles()) return;
  const cache = await caches.open(SHELL);
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
  const own = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/build/"));
  for (const address of new Set([location.pathname, ...own.map((url) => url.pathname + url.search)])) {
    if (address === location.pathname || !(await cache.match(address))) await cache.add(address).catch(() => {});
  }
}

export async function forgetEverything() {
  memory.clear();
  for (const name of Object.keys(localStorage)) if (name.startsWith("signage.")) localStorage.removeItem(name);
  if (canKeepFiles()) for (const name of await caches.keys()) if (name.startsWith("signage-")) await caches.delete(name);
}
