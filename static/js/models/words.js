/** "Trang {n} / {count}" with its values. Words come from the page, in the page's language. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
