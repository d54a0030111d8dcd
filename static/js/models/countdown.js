// Minutes until something begins, as a sentence made of the page's words.

const MINUTE_MS = 60_000;
const A_DAY_MIN = 24 * 60;

/**
 * @param {number} leftMs
 * @param {{hours: string, minutes: string, now: string}} words with %h and %m
 * @returns {string} nothing when it is more than a day away
 */
export function countdownText(leftMs, words) {
  const minutes = Math.ceil(leftMs / MINUTE_MS);
  if (minutes <= 0) return words.now;
  if (minutes > A_DAY_MIN) return "";
  if (minutes < 60) return words.minutes.replace("%m", String(minutes));
  return words.hours.replace("%h", String(Math.floor(minutes / 60))).replace("%m", String(minutes % 60));
}
