// A browser that waits to become a screen: it shows a code, and goes to its screen once somebody has typed it.
const stage = document.getElementById("stage");
const code = document.getElementById("code");
const said = document.getElementById("said");
const picture = document.getElementById("qr");
const { pairing, code: drawing } = stage.dataset;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function ask(method) {
  const body = method === "POST" ? new URLSearchParams({ width: Math.round(innerWidth * devicePixelRatio), height: Math.round(innerHeight * devicePixelRatio) }) : undefined;
  try {
    const response = await fetch(pairing, { method, body, cache: "no-store", signal: AbortSignal.timeout(5000) });
    return { status: response.status, document: await response.json() };
  } catch {
    return null;
  }
}

function show(answer) {
  code.textContent = answer.code;
  said.textContent = said.dataset.waiting;
  picture.src = `${drawing}?${answer.code.replace(" ", "")}`;
  picture.hidden = false;
}

let isKnown = false;
for (;;) {
  const answer = await ask(isKnown ? "GET" : "POST");
  if (!answer) {
    said.textContent = said.dataset.away;
  } else if (answer.document.go) {
    location.replace(answer.document.go);
    break;
  } else if (answer.document.code) {
    if (!isKnown || said.textContent !== said.dataset.waiting) show(answer.document);
    isKnown = true;
  } else {
    isKnown = false;
    said.textContent = answer.document.message ?? "";
  }
  await pause(answer?.status === 429 ? 60_000 : 2000);
}
