// What the person's own panel says about being in the meeting.

/**
 * @param {string} json {"expected": bool, "checked_in": bool, "at": ISO|null, "absence_reason": string}, or nothing
 * @returns {{isAsked: boolean, isThere: boolean}} isAsked: expected and not there; nobody is asked before it is known
 */
export function presenceIn(json) {
  if (!json) return { isAsked: false, isThere: false };
  const { expected, checked_in: isThere } = JSON.parse(json);
  return { isAsked: Boolean(expected) && !isThere, isThere: Boolean(isThere) };
}
