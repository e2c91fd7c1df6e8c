// The player of a screen in a hall. It plays from what it has, and asks the server every two seconds whether there is an emergency.
import { choose, isAsleep } from "./signage/choose.js";
import { now, showClocks, skewOf } from "./signage/clock.js";
import { Server } from "./signage/net.js";
import { Proof } from "./signage/proof.js";
import { Stage } from "./signage/stage.js";
import { Files, canKeepFiles, forgetEverything, keep, keepShell, recall } from "./signage/store.js";

const POLL = 2000;
const HEARTBEAT = 30_000;
const REPORT = 600_000;
const RELOAD_PAUSE = 600_000;
const FILES_ROUND = 60_000;

const element = document.getElementById("stage");
const { number, player, worker, start } = element.dataset;
const server = new Server(number);
const stage = new Stage(element);
const errors = [];
const files = new Files(complain);
const proof = new Proof((batch) => server.post("plays/", batch));

let manifest = recall("manifest");
let alerts = recall("alerts", []);
let stateTag = "";
let subject = "";
let wake = () => {};

function complain(text) {
  errors.push(String(text).slice(0, 120));
  if (errors.length > 5) errors.shift();
}
addEventListener("error", (event) => complain(event.message));
addEventListener("unhandledrejection", (event) => complain(event.reason?.message ?? "promise"));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
// Something has changed: whatever is being waited for on the stage is over.
const interrupted = () => new Promise((done) => (wake = done));

const liveAlerts = () => alerts.filter((alert) => alert.ends === null || alert.ends > now());

// What is on the screen now; `again` counts one more time of what has been there already.
function note(what, again = false) {
  const isNew = what !== subject;
  subject = what;
  if (!what) proof.end();
  else if (isNew || again) proof.begin(what);
  if (isNew && what.startsWith("alert:")) void proof.flush();
}

// ---- what the server says

async function loadManifest() {
  const response = await server.ask("manifest/", { patience: 20_000 });
  if (!response?.ok) return;
  manifest = await response.json();
  keep("manifest", manifest);
  wake();
  await files.follow(manifest.assets);
  wake();
}

const isNewer = (order) => !manifest || order[0] > manifest.order[0] || (order[0] === manifest.order[0] && order[1] > manifest.order[1]);

async function poll() {
  const wasReached = server.isReached;
  const response = await server.ask("state/", stateTag ? { headers: { "If-None-Match": stateTag } } : {});
  if (server.refusals >= 2) return leave();
  if (server.isReached && !wasReached) void proof.flush();
  if (!response || response.status !== 200) return undefined;
  const state = await response.json();
  stateTag = response.headers.get("ETag") ?? "";
  takeAlerts(state.alerts);
  if (state.manifest !== manifest?.version && isNewer(state.order)) await loadManifest();
  if (state.player !== player) reload();
  return undefined;
}

function takeAlerts(said) {
  const versions = (list) => list.map((alert) => alert.version).join();
  if (versions(said) === versions(alerts)) return;
  alerts = said;
  keep("alerts", alerts);
  wake();
}

// A player of another version: start anew, but not again and again should the server and the file not agree.
function reload() {
  if (liveAlerts().length || now() - recall("reloaded", 0) < RELOAD_PAUSE) return;
  keep("reloaded", now());
  proof.end();
  location.reload();
}

async function leave() {
  proof.end();
  await forgetEverything();
  location.replace(start);
  return new Promise(() => {});
}

async function beat() {
  await server.post("heartbeat/", {
    subject,
    version: player,
    manifest: manifest?.version ?? "",
    errors,
    cache_bytes: files.bytes,
    skew_ms: skewOf(),
    waiting: proof.waiting,
    keeps: canKeepFiles(),
    asleep: element.dataset.asleep !== undefined,
    width: Math.round(innerWidth * devicePixelRatio),
    height: Math.round(innerHeight * devicePixelRatio),
  });
}

// ---- what is on the screen

async function playAlerts() {
  // Grouped by place among the live ones: every page of every language in turn, the gravest alert first.
  for (let place = 0; ; place += 1) {
    const pages = liveAlerts().flatMap((alert) => alert.pages.map((page) => ({ ...page, key: alert.key })));
    if (!pages.length) return;
    const page = pages[place % pages.length];
    delete element.dataset.asleep;
    element.dataset.mode = "alert";
    stage.showNow(page.html);
    note(`alert:${page.key}`);
    const ended = interrupted();
    const versions = alerts;
    const soonest = Math.min(...liveAlerts().map((alert) => alert.ends ?? Infinity));
    await Promise.race([pause(Math.max(100, Math.min(page.seconds * 1000, soonest - now()))), ended]);
    if (alerts !== versions) place = -1;
  }
}

const isReady = (slide) => slide.asset === null || files.has(manifest.assets[slide.asset]?.address);
const slideOf = ([key, place]) => (key === "house" ? manifest.house[place] : manifest.items[key].slides[place]);

let last = "";
async function playNext() {
  if (isAsleep(manifest.screen, now())) {
    element.dataset.asleep = "";
    stage.clear();
    note("");
    await Promise.race([pause(1000), interrupted()]);
    return;
  }
  delete element.dataset.asleep;
  const list = choose(manifest, now(), isReady);
  if (!list.length) {
    await Promise.race([pause(1000), interrupted()]);
    return;
  }
  const former = list.map(String).indexOf(last);
  const next = (former + 1) % list.length;
  const here = list[next];
  last = String(here);
  const slide = slideOf(here);
  const before = manifest;
  const video = await stage.show(slide.html, { volume: manifest.screen.volume });
  // An alert may have come while a picture was decoded.
  if (liveAlerts().length) return;
  note(here[0] === "house" ? "house" : `item:${here[0]}`, next <= former);
  const watch = { isOver: false };
  await Promise.race([over(slide, video), stillDue(here, before, watch)]);
  watch.isOver = true;
}

function over(slide, video) {
  const limit = pause(slide.seconds * 1000);
  if (!video) return limit;
  const ended = new Promise((done) => {
    video.addEventListener("ended", done, { once: true });
    video.addEventListener("error", () => {
      complain(`video ${slide.asset}`);
      setTimeout(done, 1000);
    }, { once: true });
  });
  return Promise.race([limit, ended]);
}

// Until an alert comes, or the plan no longer has what is on the screen.
async function stillDue([key, place], before, watch) {
  for (;;) {
    if (manifest === before) await interrupted();
    if (watch.isOver || liveAlerts().length) return;
    if (manifest === before) continue;
    before = manifest;
    const still = choose(manifest, now(), isReady).find(([other, at]) => other === key && at === place);
    if (!still || slideOf(still).html !== stage.shown) return;
  }
}

async function play() {
  for (;;) {
    try {
      if (liveAlerts().length) await playAlerts();
      element.dataset.mode = "play";
      if (manifest) {
        element.dataset.turn = manifest.screen.turn;
        await playNext();
      } else {
        await Promise.race([pause(1000), interrupted()]);
      }
    } catch (error) {
      complain(error.message);
      await pause(1000);
    }
  }
}

// ---- around it

async function stayAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Not allowed here; the device's own settings keep it awake then.
  }
}

async function repeat(doing, ms) {
  for (;;) {
    await doing().catch((error) => complain(error.message));
    await pause(ms);
  }
}

if (canKeepFiles()) {
  navigator.serviceWorker.register(worker, { scope: "/signage/" }).catch((error) => complain(error.message));
  navigator.serviceWorker.ready.then(keepShell);
  navigator.storage?.persist?.();
}
addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayAwake());
addEventListener("pagehide", () => proof.end());
setInterval(() => showClocks(element), 1000);
setInterval(() => proof.tick(), 5000);
stayAwake();
play();
if (manifest) files.follow(manifest.assets).then(() => wake());
repeat(poll, POLL);
repeat(beat, HEARTBEAT);
repeat(async () => (server.isReached ? proof.flush() : undefined), REPORT);
repeat(async () => (manifest ? files.follow(manifest.assets) : undefined), FILES_ROUND);
