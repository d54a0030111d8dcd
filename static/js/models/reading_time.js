/** A page counts as seen when it was on the screen for so long; what is only leafed through does not. */
export const SEEN_AFTER_MS = 2000;

/** Which pages were before the eyes long enough. Time runs only while somebody may be looking. */
export class ReadingTime {
  constructor() {
    this.since = new Map();
    this.seen = new Set();
    this.untold = new Set();
  }

  /** These pages are on the screen now, and no others. @param {number[]} pages */
  look(pages, nowMs) {
    this.count(nowMs);
    for (const page of this.since.keys()) if (!pages.includes(page)) this.since.delete(page);
    for (const page of pages) if (!this.since.has(page)) this.since.set(page, nowMs);
  }

  count(nowMs) {
    for (const [page, since] of this.since) {
      if (nowMs - since < SEEN_AFTER_MS || this.seen.has(page)) continue;
      this.seen.add(page);
      this.untold.add(page);
    }
  }

  /** The pages seen since this was last asked. @returns {number[]} */
  take(nowMs) {
    this.count(nowMs);
    const pages = [...this.untold].sort((one, other) => one - other);
    this.untold.clear();
    return pages;
  }
}
