// Days as offices write them (31/12/2026) and as the browser's calendar wants them (2026-12-31).

/** @param {string} text @returns {string} ISO day, or nothing when the text is no day */
export function isoOfDay(text) {
  const [, day, month, year] = text.trim().match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/) ?? [];
  return year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
}

/** @param {string} iso @returns {string} */
export function writtenDay(iso) {
  const [, year, month, day] = iso.match(/^(\d{4})-(\d{2})-(\d{2})$/) ?? [];
  return year ? `${day}/${month}/${year}` : "";
}
