/**
 * The marks of a paper as a list: which of them, in which order. A filter is {whose: "all" | "mine" | "shared", kind: "all" |
 * "ink" | "highlight" | "note", person: owner or "all"}. A private mark and its own shared copy are one line.
 */
export const EVERYTHING = { whose: "all", kind: "all", person: "all" };

/** @param {import("./marks.js").MarkSet} set */
export function listed(set, filter = EVERYTHING) {
  return withoutTwins(set)
    .filter((mark) => filter.whose === "all" || (filter.whose === "mine" ? set.isMine(mark) : mark.layer === "shared"))
    .filter((mark) => filter.kind === "all" || mark.kind === filter.kind)
    .filter((mark) => filter.person === "all" || String(mark.owner) === String(filter.person))
    .sort((one, other) => one.page - other.page);
}

function withoutTwins(set) {
  return set.all().filter((mark) => mark.layer === "shared" || !set.isMine(mark) || set.twinOf(mark) === undefined);
}

/** Who has marks here: [{owner, name}] by name. */
export function ownersIn(set) {
  const owners = new Map(set.all().map((mark) => [mark.owner, mark.owner_name]));
  return [...owners].map(([owner, name]) => ({ owner, name })).sort((one, other) => one.name.localeCompare(other.name, "vi"));
}
