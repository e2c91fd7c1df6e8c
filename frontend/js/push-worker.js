// Notifications of the city while no page is open. It watches over /inbox/ alone and answers for no page.
const said = (event) => {
  try {
    return event.data ? event.data.json() : {};
  } catch {
    return {};
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title, body, url, tag, lang, emergency } = said(event);
  event.waitUntil(
    self.registration.showNotification(title || self.location.hostname, {
      body: body || "",
      tag: tag || undefined,
      lang: lang || "ja",
      icon: "/static/build/icon.svg",
      requireInteraction: Boolean(emergency),
      vibrate: emergency ? [400, 200, 400, 200, 400] : undefined,
      data: { url: url || "/inbox/" },
    }),
  );
});

// Only pages of the city are opened, whatever a notification says.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? "/inbox/", self.location.origin);
  const address = wanted.origin === self.location.origin ? wanted.href : `${self.location.origin}/inbox/`;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((pages) => {
      const open = pages.find((page) => page.url === address);
      return open ? open.focus() : self.clients.openWindow(address);
    }),
  );
});
