// Putting pieces of HTML on the screen: one at a time, fitted, without flashing.
import { showClocks } from "./clock.js";

const SMALLEST = 0.65;
const STEP = 0.05;

// Make the letters smaller until everything is to be seen; what the server sends is cut so that it seldom has to be.
function fit(element) {
  for (const box of element.querySelectorAll("[data-fit]")) {
    let scale = 1;
    box.style.setProperty("--fit", scale);
    while (scale > SMALLEST && (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)) {
      scale -= STEP;
      box.style.setProperty("--fit", scale);
    }
  }
}

export class Stage {
  constructor(element) {
    this.element = element;
    this.shown = null;
    addEventListener("resize", () => fit(this.element));
    document.fonts?.addEventListener("loadingdone", () => fit(this.element));
  }

  // Replace everything that is there; nothing of the former remains in the page.
  async show(html, { volume = 0 } = {}) {
    if (html === this.shown) return this.element.querySelector("video");
    const template = document.createElement("template");
    template.innerHTML = html;
    const next = template.content.firstElementChild;
    const picture = next?.querySelector("img");
    // A picture is decoded before it is put in place, or the screen would blink.
    if (picture) await Promise.race([picture.decode().catch(() => {}), new Promise((done) => setTimeout(done, 3000))]);
    return this.put(next, html, volume);
  }

  // At once: what an emergency needs.
  showNow(html) {
    if (html === this.shown) return;
    const template = document.createElement("template");
    template.innerHTML = html;
    this.put(template.content.firstElementChild, html, 0);
  }

  put(next, html, volume) {
    for (const video of this.element.querySelectorAll("video")) {
      video.pause();
      video.removeAttribute("src");
      video.load();
    }
    this.element.replaceChildren(...(next ? [next] : []));
    this.shown = html;
    fit(this.element);
    showClocks(this.element);
    const video = this.element.querySelector("video");
    if (video) this.play(video, volume);
    return video;
  }

  async play(video, volume) {
    video.muted = volume === 0;
    video.volume = volume / 100;
    try {
      await video.play();
    } catch {
      // Browsers refuse sound without a touch unless they run as a kiosk: pictures are better than nothing.
      video.muted = true;
      await video.play().catch(() => {});
    }
  }

  clear() {
    if (this.shown !== "") this.put(null, "", 0);
  }
}
