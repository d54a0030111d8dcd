// What we have of each stream, and what follows from a frame: deliver it, drop it, or ask for what is missing.
// Numbers of a stream have no gaps, so "the next one is not ours plus one" always means that something was lost.

const ASK_AGAIN_AFTER_MS = 5000;
const PINGS_BEHIND_BEFORE_ASKING = 2;
// The server ends a conversation that wants more, again and again: better that the last ones are not heard.
const STREAMS_MOST = 64;

/**
 * @typedef {{epoch: string|null, seq: number|null, askedAt: number|null, pingsBehind: number}} Page
 * @typedef {{verdict: "deliver", entries?: any[], from?: number} | {verdict: "drop"} | {verdict: "ask"}} Verdict
 */

export class StreamBook {
  /** @type {Map<string, Page>} */
  #pages = new Map();

  /**
   * @param {string} name
   * @param {[string, number]|null} known what the caller kept from an earlier page load
   */
  add(name, known = null) {
    const [epoch, seq] = known ?? [null, null];
    this.#pages.set(name, { epoch, seq, askedAt: null, pingsBehind: 0 });
  }

  remove(name) {
    this.#pages.delete(name);
  }

  has(name) {
    return this.#pages.has(name);
  }

  seqOf(name) {
    return this.#pages.get(name)?.seq ?? null;
  }

  /** Go back to an earlier number (or to nothing), so that the next question fetches what came after it. */
  rewind(name, seq = null) {
    const page = this.#pages.get(name);
    if (page && page.seq !== null && (seq === null || seq < page.seq)) page.seq = seq;
  }

  /** @returns {Record<string, [string, number]|null>} as `hello` and `listen` carry it */
  known(names = [...this.#pages.keys()]) {
    const known = {};
    for (const [name, page] of [...this.#pages].slice(0, STREAMS_MOST)) {
      if (names.includes(name)) known[name] = page.seq === null ? null : [page.epoch, page.seq];
    }
    return known;
  }

  /** A new line was opened with everything known, so nothing is being asked any more. */
  lineOpened() {
    for (const page of this.#pages.values()) Object.assign(page, { askedAt: null, pingsBehind: 0 });
  }

  /**
   * @param {{t: string, s: string, epoch: string, from?: number, to?: number, e?: any[], seq?: number}} frame
   * @param {number} at ms
   * @returns {Verdict}
   */
  take(frame, at) {
    const page = this.#pages.get(frame.s);
    if (!page) return { verdict: "drop" };
    if (frame.t === "reset") return this.#moveTo(page, frame.epoch, frame.seq);
    if (page.epoch !== null && page.seq !== null && frame.epoch !== page.epoch) return this.#ask(page, at);
    return frame.t === "panels" ? this.#takePanels(page, frame) : this.#takeEntries(page, frame, at);
  }

  /** Panels say what is, not what happened: there is nothing to miss, and a wrapper itself refuses what is older than it has. */
  #takePanels(page, frame) {
    return this.#moveTo(page, frame.epoch, Math.max(page.seq ?? 0, frame.seq));
  }

  #takeEntries(page, frame, at) {
    const next = (page.seq ?? 0) + 1;
    if (frame.to < next) return { verdict: "drop" };
    if (frame.from > next) return this.#ask(page, at);
    this.#moveTo(page, frame.epoch, frame.to);
    return { verdict: "deliver", entries: frame.e.slice(next - frame.from), from: next };
  }

  #moveTo(page, epoch, seq) {
    Object.assign(page, { epoch, seq, askedAt: null, pingsBehind: 0 });
    return { verdict: "deliver" };
  }

  #ask(page, at) {
    if (page.askedAt !== null && at - page.askedAt < ASK_AGAIN_AFTER_MS) return { verdict: "drop" };
    page.askedAt = at;
    return { verdict: "ask" };
  }

  /**
   * A frame may be lost without a successor that would show the gap; the heads in each pong show it. One ping of
   * patience, because a frame may simply still be on its way.
   * @param {Record<string, number>} heads
   * @returns {string[]} streams to ask for
   */
  behind(heads, at) {
    const names = [];
    for (const [name, head] of Object.entries(heads ?? {})) {
      const page = this.#pages.get(name);
      if (!page) continue;
      page.pingsBehind = head > (page.seq ?? 0) ? page.pingsBehind + 1 : 0;
      if (page.pingsBehind >= PINGS_BEHIND_BEFORE_ASKING && this.#ask(page, at).verdict === "ask") names.push(name);
    }
    return names;
  }
}
