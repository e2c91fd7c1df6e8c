// Proof of play: counted by subject and hour, sent in batches that keep their key until the server has answered.
import { now } from "./clock.js";
import { keep, recall } from "./store.js";

const HOUR = 3600_000;
const MOST_ENTRIES = 400;

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Proof {
  constructor(send) {
    this.send = send;
    this.open = recall("plays", {});
    this.batches = recall("batches", []);
    this.current = null;
    this.sending = false;
  }

  get waiting() {
    return this.batches.length + Object.keys(this.open).length;
  }

  // Something is on the screen from now on.
  begin(subject) {
    this.end();
    this.current = { subject, since: now() };
    this.add(subject, this.current.since, this.current.since, 1);
  }

  // What is on the screen has been so until now.
  tick() {
    if (!this.current) return;
    const until = now();
    const { subject, since } = this.current;
    if (until > since) this.add(subject, since, until, 0);
    this.current.since = until;
  }

  end() {
    this.tick();
    this.current = null;
  }

  add(subject, first, last, plays) {
    for (let from = first; ; ) {
      const hour = Math.floor(from / HOUR) * HOUR;
      const to = Math.min(last, hour + HOUR - 1);
      const name = `${subject}|${hour}`;
      const entry = (this.open[name] ??= { subject, hour, plays: 0, ms: 0, first: from, last: from });
      entry.plays += plays;
      entry.ms += Math.max(0, to - from);
      entry.first = Math.min(entry.first, from);
      entry.last = Math.max(entry.last, to);
      plays = 0;
      from = hour + HOUR;
      if (from > last) break;
    }
    keep("plays", this.open);
  }

  seal() {
    this.tick();
    const entries = Object.values(this.open).map(({ ms, ...entry }) => ({ ...entry, seconds: Math.min(3600, Math.round(ms / 1000)) }));
    if (!entries.length) return;
    for (let at = 0; at < entries.length; at += MOST_ENTRIES) this.batches.push({ key: newKey(), entries: entries.slice(at, at + MOST_ENTRIES) });
    this.open = {};
    // The batch first: a page that dies between the two counts nothing twice under another key.
    keep("batches", this.batches);
    keep("plays", this.open);
  }

  // A new batch is only sealed once the server has taken the former ones, so that days without a network stay an entry an hour.
  async flush() {
    if (this.sending) return;
    this.sending = true;
    try {
      if (!(await this.sendAll())) return;
      this.seal();
      await this.sendAll();
    } finally {
      this.sending = false;
    }
  }

  async sendAll() {
    while (this.batches.length) {
      const answer = await this.send(this.batches[0]);
      // A batch that is refused for what it is will never be taken; anything else is tried again.
      if (!answer || (!answer.ok && answer.status !== 400)) return false;
      this.batches.shift();
      keep("batches", this.batches);
    }
    return true;
  }
}
