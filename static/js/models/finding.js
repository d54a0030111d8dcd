/**
 * Finding words in a paper, with or without Vietnamese accents, through the ends of lines. What the question writes
 * without an accent finds every accent ("du toan" finds "dự toán"), what it writes with one wants that one; d finds đ.
 * The same question finds the paper among all others on the server (documents/search.py).
 *
 * @typedef {import("./passages.js").Place} Place
 * @typedef {{page: number, from: Place, to: Place}} Hit
 */

const ACCENTS = /\p{M}/gu;
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/gu;
const WORD = /(?:[\p{L}\p{N}]\p{M}*)+/gu;
const QUOTES = /["“”„«»]/g;

/** More hits than anybody steps through are not counted to the end. */
export const MOST_HITS = 2000;

/**
 * One page's lines as one string of plain small letters, and where each of them stood.
 * @param {string[]} lines
 */
export function folded(lines) {
  const whole = lines.join("\n");
  const letters = [];
  const at = [];
  let last = "";
  let i = 0;
  for (const letter of whole) {
    const plain = /\s/.test(letter) ? " " : plainOf(letter);
    if (plain && !(plain === " " && last === " ")) {
      for (const each of plain) {
        letters.push(each);
        at.push(i);
      }
      last = plain;
    }
    i += letter.length;
  }
  at.push(whole.length);
  const starts = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  return { whole, text: letters.join(""), at, starts };
}

/** "Ậ" is "a", "Đ" is "d"; an accent that stands alone is nothing. */
function plainOf(letter) {
  return letter.normalize("NFD").replace(ACCENTS, "").toLowerCase().replaceAll("đ", "d");
}

function accentsOf(letters) {
  const marks = letters.normalize("NFD").toLowerCase();
  return { accents: marks.match(ACCENTS) ?? [], isBarred: marks.includes("đ") };
}

/**
 * All hits on one page, in reading order.
 * @param {ReturnType<typeof folded>} page @param {string} question @returns {{from: Place, to: Place}[]}
 */
export function hitsIn(page, question, most = MOST_HITS) {
  const asked = folded([question.trim().replace(/\s+/g, " ")]);
  if (!asked.text) return [];
  const hits = [];
  let start = page.text.indexOf(asked.text);
  while (start >= 0 && hits.length < most) {
    const end = start + asked.text.length;
    if (bearsTheAccents(page, start, asked)) {
      hits.push({ from: placeOf(page, page.at[start]), to: placeOf(page, endOf(page, end)) });
      start = page.text.indexOf(asked.text, end);
    } else {
      start = page.text.indexOf(asked.text, start + 1);
    }
  }
  return hits;
}

function bearsTheAccents(page, start, asked) {
  for (let i = 0; i < asked.text.length; i += 1) {
    const wanted = accentsOf(asked.whole.slice(asked.at[i], asked.at[i + 1]));
    if (!wanted.accents.length && !wanted.isBarred) continue;
    const there = accentsOf(page.whole.slice(page.at[start + i], page.at[start + i + 1]));
    if (wanted.isBarred && !there.isBarred) return false;
    if (!wanted.accents.every((accent) => there.accents.includes(accent))) return false;
  }
  return true;
}

/**
 * All words of the question on a page that has every one of them, as the server finds papers: whole words, the last one
 * maybe only begun.
 * @param {ReturnType<typeof folded>} page @param {string} question @returns {{from: Place, to: Place}[]}
 */
export function wordsIn(page, question, most = MOST_HITS) {
  const there = wordsOf(page.whole);
  const hits = new Set();
  const asked = wordsOf(question);
  for (const [i, word] of asked.entries()) {
    let same = there.filter((one) => isSame(one, word));
    if (!same.length && i === asked.length - 1) same = there.filter((one) => isSame(one, word, (form, start) => form.startsWith(start)));
    if (!same.length) return [];
    for (const one of same) hits.add(one);
  }
  const inOrder = there.filter((one) => hits.has(one)).slice(0, most);
  return inOrder.map(({ start, end }) => ({ from: placeOf(page, start), to: placeOf(page, end) }));
}

function wordsOf(text) {
  return Array.from(text.matchAll(WORD), ({ 0: letters, index: start }) => {
    return { plain: plainOf(letters), spelled: spelledAs(letters), start, end: start + letters.length };
  });
}

/** With its tone in front: hoà and hòa are one word. */
function spelledAs(letters) {
  const apart = letters.normalize("NFD").toLowerCase();
  return (apart.match(TONES) ?? []).join("") + apart.replace(TONES, "");
}

function isSame(there, asked, compare = (form, other) => form === other) {
  return asked.plain === asked.spelled ? compare(there.plain, asked.plain) : compare(there.spelled, asked.spelled);
}

/** After the last letter of a hit, not after the space that follows it. */
function endOf(page, end) {
  const last = page.at[end - 1];
  const letter = page.whole.slice(last, page.at[end]);
  return last + letter.trimEnd().length;
}

function placeOf({ starts }, index) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= index) low = middle;
    else high = middle - 1;
  }
  return { span: low, offset: index - starts[low] };
}

/** The words of a whole paper; each page is folded when it is first looked at. */
export class Words {
  #folded = new Map();

  /** @param {(string[]|null)[]} pages lines of each page; null: not read yet */
  constructor(pages) {
    this.pages = pages;
  }

  get unread() {
    return this.pages.filter((page) => page === null).length;
  }

  get isEmpty() {
    return this.pages.every((page) => !page?.length);
  }

  /**
   * Where the question stands as it was written; if it stands nowhere so, the pages that have all of its words.
   * @param {string} question @param {number|null} page one that the server said has them: it is not passed over
   * @returns {Hit[]}
   */
  find(question, page = null) {
    const phrase = question.replaceAll(QUOTES, "");
    for (const hits of [() => this.#all(hitsIn, question), () => this.#all(hitsIn, phrase)]) {
      const found = hits();
      if (found.length && (!page || found.some((hit) => hit.page === page))) return found;
    }
    return this.#all(wordsIn, question);
  }

  #all(search, question) {
    const hits = [];
    for (let i = 0; i < this.pages.length && hits.length < MOST_HITS; i += 1) {
      if (!this.pages[i]?.length) continue;
      const found = search(this.#page(i), question, MOST_HITS - hits.length);
      hits.push(...found.map((hit) => ({ page: i + 1, ...hit })));
    }
    return hits;
  }

  #page(i) {
    if (!this.#folded.has(i)) this.#folded.set(i, folded(this.pages[i]));
    return this.#folded.get(i);
  }
}

/** Where stepping on leads from hit `at`: round the end. @param {number} count @param {number} step */
export function stepTo(at, step, count) {
  return count ? (at + step + count) % count : -1;
}

/** The first hit on this page or after it, else the first of all. @param {Hit[]} hits */
export function firstFrom(hits, page) {
  const found = hits.findIndex((hit) => hit.page >= page);
  return found >= 0 ? found : hits.length ? 0 : -1;
}
