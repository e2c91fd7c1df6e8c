// Talking to the server: never longer than a few seconds, never in the browser's own cache.
import { correct } from "./clock.js";

const PATIENCE = 4000;

export class Server {
  constructor(number) {
    this.base = `/signage/${number}/`;
    this.isReached = true;
    this.refusals = 0;
  }

  async ask(name, options = {}) {
    const asked = Date.now();
    try {
      const response = await fetch(this.base + name, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(options.patience ?? PATIENCE), ...options });
      correct(response, asked);
      this.isReached = response.status < 500;
      // Taken from this device on purpose, or the screen is gone: asked twice, for a proxy may answer nonsense once.
      if (response.status === 403 || response.status === 404) this.refusals += 1;
      else this.refusals = 0;
      return response;
    } catch {
      this.isReached = false;
      return null;
    }
  }

  post(name, document) {
    return this.ask(name, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) });
  }
}
