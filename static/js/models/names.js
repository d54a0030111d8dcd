// Names as people type them in a hurry: without marks, without capitals, any part of them in any order.

/** "Đặng Quốc Khánh" → "dang quoc khanh" */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
}

/** Does every word that was typed begin a word of the name? @param {string} name @param {string} typed */
export function isMeant(name, typed) {
  const words = folded(name).split(/\s+/);
  return folded(typed).split(/\s+/).filter(Boolean).every((part) => words.some((word) => word.startsWith(part)));
}
