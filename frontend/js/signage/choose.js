// What is shown at a moment, from the manifest alone. The same questions as rules/signage/choosing.py, with the same answers
// (a test asks both); no imports, so that it can.
const JAPAN = 9 * 3600_000;
const DAY = 86_400_000;

const dateOf = (local) => local.toISOString().slice(0, 10);

function dayOf(window, local) {
  const { from = null, until = null } = window;
  if (from === null && until === null) return local;
  const first = from ?? 0;
  const last = until ?? 1440;
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes();
  if (first < last) return first <= minute && minute < last ? local : null;
  if (minute >= first) return local;
  return minute < last ? new Date(local.getTime() - DAY) : null;
}

export function isWithin(window, at, closed) {
  const { starts = null, ends = null, days = null } = window ?? {};
  if ((starts !== null && at < starts) || (ends !== null && at >= ends)) return false;
  const day = dayOf(window ?? {}, new Date(at + JAPAN));
  if (!day) return false;
  if (days?.length && !days.includes((day.getUTCDay() + 6) % 7)) return false;
  return !(window?.open_days && closed.includes(dateOf(day)));
}

function slidesOf(key, slides, at, closed, isReady) {
  return slides.flatMap((slide, place) => (isWithin(slide.window, at, closed) && isReady(slide) ? [[key, place]] : []));
}

function ofPlaylists(manifest, playlists, at, isReady) {
  return playlists.flatMap((playlist) =>
    (manifest.playlists[playlist] ?? []).flatMap((key) => {
      const item = manifest.items[key];
      return item && isWithin(item.window, at, manifest.closed) ? slidesOf(key, item.slides, at, manifest.closed, isReady) : [];
    }),
  );
}

export function choose(manifest, at, isReady = () => true) {
  const { override, closed } = manifest;
  if (override && at < override.until) {
    const found = ofPlaylists(manifest, [override.playlist], at, isReady);
    if (found.length) return found;
  }
  const due = manifest.schedules.filter((entry) => isWithin(entry.window, at, closed));
  for (const priority of [...new Set(due.map((entry) => entry.priority))].sort((a, b) => b - a)) {
    const playlists = [...new Set(due.filter((entry) => entry.priority === priority).map((entry) => entry.playlist))];
    const found = ofPlaylists(manifest, playlists, at, isReady);
    if (found.length) return found;
  }
  return slidesOf("house", manifest.house, at, closed, isReady);
}

export function isAsleep(screen, at) {
  return Boolean(screen.sleeps) && isWithin(screen.sleeps, at, []);
}
