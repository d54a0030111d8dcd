// What becomes of a text that is being typed while somebody else may write the same one. Never lost, never over another's unseen.

/**
 * @typedef {{item: string, revision: number, isDirty: boolean, isBusy: boolean, isRefused: boolean}} Draft
 *   item: the one the text belongs to, "" while there is none; revision: the one it was typed over
 * @typedef {{item: string, revision: number}} Kept what the server says now
 */

/**
 * @param {Draft} draft
 * @param {Kept} kept
 * @returns {"stay"|"send"|"fetch"|"clear"}
 */
export function whatNext(draft, kept) {
  const isSame = draft.item === kept.item;
  if (isSame && kept.revision <= draft.revision) return "stay";
  if (draft.isBusy || (draft.isRefused && draft.isDirty)) return "stay";
  if (draft.isDirty) return "send"; // to its own item; the server says if somebody else was quicker
  return kept.item === "" ? "clear" : "fetch";
}
