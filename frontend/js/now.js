// What is live now: every open page asks, shows the banner and takes it away again. The page itself carries the same banner.
const place = document.getElementById("now");
const USUAL = 5000;
const LONGEST = 60000;
let wait = USUAL;
let tag = "";
let timer = 0;
let asking = false;

// Pages that were opened together must not ask together.
const scattered = (milliseconds) => milliseconds * (0.8 + Math.random() * 0.2);

const pick = (texts, wanted) => {
  const order = wanted.startsWith("ja") ? [wanted, "ja", "en"] : [wanted, "en", "ja"];
  const language = order.find((one) => texts[one]) ?? Object.keys(texts)[0];
  return [language, texts[language]];
};

function banner(alert) {
  const [language, said] = pick(alert.texts, place.dataset.nowLanguage || "ja");
  const section = document.createElement("section");
  section.className = "emergency";
  section.dataset.level = alert.level;
  section.dataset.key = alert.key;
  section.lang = language.startsWith("ja") ? "ja" : language;
  section.setAttribute("role", "alert");
  section.setAttribute("aria-live", "assertive");
  const wrap = document.createElement("div");
  wrap.className = "wrap";
  const title = document.createElement("h2");
  title.className = "emergency__title";
  title.textContent = said.title;
  const text = document.createElement("p");
  text.textContent = said.text;
  const more = document.createElement("p");
  const link = document.createElement("a");
  link.className = "link";
  link.dataset.tall = "";
  link.href = alert.url;
  link.lang = document.documentElement.lang;
  link.textContent = place.dataset.nowMore;
  more.append(link);
  wrap.append(title, text, more);
  section.append(wrap);
  return section;
}

// What stays is left as it stands, so that a screen reader does not read it out again.
function show(alerts) {
  const shown = new Map([...place.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, element]));
  const wanted = new Set(alerts.map((alert) => alert.key));
  for (const [key, element] of shown) if (!wanted.has(key)) element.remove();
  place.hidden = alerts.length === 0;
  alerts.forEach((alert, at) => {
    const element = shown.get(alert.key) ?? banner(alert);
    if (place.children[at] !== element) place.insertBefore(element, place.children[at] ?? null);
  });
}

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(place.dataset.now, {
      credentials: "omit",
      cache: "no-store",
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout(4000),
    });
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    if (answer.status !== 304) {
      const found = await answer.json();
      tag = answer.headers.get("ETag") ?? "";
      show(found.alerts);
    }
    wait = USUAL;
  } catch {
    wait = Math.min(wait * 2, LONGEST);
  }
  asking = false;
  next(scattered(wait));
}

function next(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(ask, milliseconds);
}

if (place) {
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) next(Math.random() * 500);
  });
  window.addEventListener("online", () => next(Math.random() * 1000));
  next(scattered(USUAL));
}
