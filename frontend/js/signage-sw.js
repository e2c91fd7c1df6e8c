// The service worker of screens: the shell and every file of the playlists are at hand when the network is not.
import { FILES, SHELL } from "./signage/store.js";

const PATIENCE = 4000;
const SCREEN = /^\/signage\/[^/]+\/$/;
const ASSET = /^\/signage\/[^/]+\/assets\//;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(clean().then(() => self.clients.claim())));

async function clean() {
  for (const name of await caches.keys()) if (name.startsWith("signage-") && name !== FILES && name !== SHELL) await caches.delete(name);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (ASSET.test(url.pathname)) event.respondWith(file(event.request, url.pathname));
  else if (url.pathname.startsWith("/static/build/")) event.respondWith(shell(event.request, url));
  else if (event.request.mode === "navigate" && SCREEN.test(url.pathname)) event.respondWith(page(event.request, url.pathname));
});

// Its address changes with what it holds, so what is kept is right for ever.
async function shell(request, url) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    // Of a file that has changed only the new one is kept.
    if (url.search) for (const old of await cache.keys()) if (new URL(old.url).pathname === url.pathname) await cache.delete(old);
    await cache.put(request, response.clone());
  }
  return response;
}

async function page(request, path) {
  const cache = await caches.open(SHELL);
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.status < 500) {
      if (response.ok) await cache.put(path, response.clone());
      return response;
    }
    return (await cache.match(path)) ?? response;
  } catch (error) {
    const kept = await cache.match(path);
    if (kept) return kept;
    throw error;
  }
}

async function file(request, path) {
  const kept = await (await caches.open(FILES)).match(path);
  if (!kept) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  return range ? part(kept, range) : kept;
}

// Players of video ask for parts, and some take nothing else.
async function part(kept, [, from, to]) {
  const whole = await kept.blob();
  const first = Number(from);
  const last = to ? Math.min(Number(to), whole.size - 1) : whole.size - 1;
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  return new Response(whole.slice(first, last + 1), {
    status: 206,
    headers: {
      "Content-Type": kept.headers.get("Content-Type") ?? "application/octet-stream",
      "Content-Length": String(last - first + 1),
      "Content-Range": `bytes ${first}-${last}/${whole.size}`,
      "Accept-Ranges": "bytes",
    },
  });
}
