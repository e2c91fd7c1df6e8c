// The time of the server, which the device's own clock is only asked how far it has gone from.
let skew = Number(localStorage.getItem("signage.skew") ?? 0);

export function correct(response, asked) {
  const said = Number(response.headers.get("X-Madoguchi-Time"));
  if (!said) return;
  const heard = Date.now();
  // The middle of the way there and back; a slow answer tells little.
  if (heard - asked > 2000) return;
  skew = Math.round(said - (asked + heard) / 2);
  try {
    localStorage.setItem("signage.skew", String(skew));
  } catch {
    // A full or forbidden store: the clock is corrected all the same while the page is open.
  }
}

export const now = () => Date.now() + skew;
export const skewOf = () => -skew;

const hours = new Intl.DateTimeFormat("ja-JP", { hour: "numeric", minute: "2-digit", hour12: false, timeZone: "Asia/Tokyo" });

export function showClocks(stage) {
  const text = hours.format(now());
  for (const element of stage.querySelectorAll("[data-clock]")) if (element.textContent !== text) element.textContent = text;
}
