/**
 * Which pages of a new version differ from the version before it.
 * @typedef {{number: number, is_unopened: boolean, is_compared: boolean, changed: number[], added: number[], removed: number[]}} News
 */

/** Pages to be looked at, in their order. @param {News|null} news @returns {number[]} */
export function pagesToLookAt(news) {
  return news ? [...news.changed, ...news.added].sort((one, other) => one - other) : [];
}

/** The next such page in one direction, round the ends. @param {number[]} pages @param {number} page @param {1|-1} step */
export function nextChange(pages, page, step) {
  if (!pages.length) return null;
  if (step > 0) return pages.find((one) => one > page) ?? pages[0];
  return pages.findLast((one) => one < page) ?? pages.at(-1);
}

/** @param {News|null} news @param {number} page @returns {"changed" | "added" | ""} */
export function changeOf(news, page) {
  return news?.changed.includes(page) ? "changed" : news?.added.includes(page) ? "added" : "";
}

/** Marks on older versions that did not go along. @param {{pages: [number, number][]}[]} leftBehind */
export function countOf(leftBehind) {
  return leftBehind.flatMap(({ pages }) => pages).reduce((sum, [, count]) => sum + count, 0);
}

/** Runs of pages: [3, 4, 5, 9] is [[3, 5], [9, 9]]. @param {number[]} pages @returns {[number, number][]} */
export function runsOf(pages) {
  const runs = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last && page === last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  return runs;
}
