// The button that lets this browser show notifications. Without this file the button is not there; other ways remain.
const box = document.querySelector("[data-push]");

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=")), (c) => c.charCodeAt(0));

const tell = (key, more = "") => {
  box.querySelector("[data-push-state]").textContent = more || box.dataset[key] || "";
};

const post = (address, content) =>
  fetch(address, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": box.querySelector("input[name=csrfmiddlewaretoken]").value },
    body: JSON.stringify(content),
  });

function show(on) {
  box.querySelector("[data-push-on]").hidden = on;
  box.querySelector("[data-push-off]").hidden = !on;
  tell(on ? "on" : "off");
}

async function start() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return tell("unsupported");
  const registration = await navigator.serviceWorker.getRegistration(box.dataset.scope);
  const subscription = registration && (await registration.pushManager.getSubscription());
  if (Notification.permission === "denied") return tell("denied");
  show(Boolean(subscription));
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return tell("denied");
  const registration = await navigator.serviceWorker.register(box.dataset.worker, { scope: box.dataset.scope });
  await new Promise((done) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    if (worker.state === "activated") return done();
    worker.addEventListener("statechange", () => worker.state === "activated" && done());
  });
  const { key } = await (await fetch(box.dataset.key)).json();
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const answer = await post(box.dataset.subscribe, subscription.toJSON());
  if (answer.ok) return show(true);
  await subscription.unsubscribe();
  tell("failed", (await answer.json().catch(() => ({}))).message);
}

async function turnOff() {
  const registration = await navigator.serviceWorker.getRegistration(box.dataset.scope);
  const subscription = registration && (await registration.pushManager.getSubscription());
  if (subscription) {
    await post(box.dataset.unsubscribe, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show(false);
}

if (box) {
  start().catch(() => tell("failed"));
  box.querySelector("[data-push-on]").addEventListener("click", () => turnOn().catch(() => tell("failed")));
  box.querySelector("[data-push-off]").addEventListener("click", () => turnOff().catch(() => tell("failed")));
}
