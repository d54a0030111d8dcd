// What a clock of the meeting shows. Numbers only; the words around them come from the page.

/**
 * @param {{baseSeconds: number, since: number|null, isRunning: boolean}} count since: ms since 1970 at which it last began to run
 * @param {number} now ms since 1970, server time
 * @returns {number} whole seconds
 */
export function elapsedSeconds({ baseSeconds, since, isRunning }, now) {
  const running = isRunning && since !== null ? Math.max(0, now - since) / 1000 : 0;
  return Math.floor(baseSeconds + running);
}

/** 0:07 → "00:07", 754 s → "12:34", 3900 s → "1:05": hours and minutes, as session clocks in a hall do. */
export function lengthText(seconds) {
  const whole = Math.abs(Math.trunc(seconds));
  const pair = (number) => String(number).padStart(2, "0");
  if (whole < 3600) return `${pair(Math.floor(whole / 60))}:${pair(whole % 60)}`;
  return `${Math.floor(whole / 3600)}:${pair(Math.floor((whole % 3600) / 60))}`;
}

/**
 * @param {number} planned seconds
 * @param {number} elapsed seconds
 * @returns {{text: string, isOver: boolean}} what is left, or by how much it is over
 */
export function remainingFace(planned, elapsed) {
  const left = planned - elapsed;
  return { text: lengthText(left), isOver: left < 0 };
}

/**
 * @param {number} seconds
 * @param {{minutes: string, seconds: string}} words such as "%s phút" and "%s giây"
 * @returns {string} whole minutes, and seconds only below one minute: what a clock says that must not draw the eye
 */
export function lengthInWords(seconds, words) {
  const whole = Math.abs(Math.trunc(seconds));
  return whole < 60 ? words.seconds.replace("%s", String(whole)) : words.minutes.replace("%s", String(Math.floor(whole / 60)));
}
