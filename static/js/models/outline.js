/** Deeper than this, steps to the right help nobody. */
const DEEPEST = 4;

/** Entries with levels from 1 to DEEPEST, whatever the file says; those without a title are left out. */
export function levelled(entries) {
  const named = entries.filter((entry) => entry.title);
  const least = Math.min(...named.map((entry) => entry.level));
  return named.map((entry) => ({ ...entry, level: Math.min(DEEPEST, entry.level - least + 1) }));
}

/** Index of the entry in which a page lies: the last one that begins on it or before; -1: before all. @param {number[]} pages */
export function entryAt(pages, page) {
  let best = -1;
  pages.forEach((begins, i) => {
    if (begins <= page && (best < 0 || begins >= pages[best])) best = i;
  });
  return best;
}
