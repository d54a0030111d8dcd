/**
 * Passages of a page's text: from one letter to another, in PDF user space. A page's text is a list of lines
 * {text, box: [x0, y0, x1, y1], dir?: [dx, dy], x?: places of the letters along the line, and of its end}.
 *
 * @typedef {{text: string, box: number[], dir?: number[], x?: number[]}} Line
 * @typedef {{span: number, offset: number}} Place a letter: index of its line, and its place in it
 */

/** What stands before and after a passage, to find it again in another version. */
const CONTEXT = 40;
/** A finger this far from any line means none of them. */
const FARTHEST_PT = 60;

/** The letter nearest to a point. @param {Line[]} lines @returns {Place|null} */
export function placeAt(lines, x, y) {
  let best = null;
  let least = FARTHEST_PT;
  lines.forEach((line, span) => {
    const distance = distanceTo(line.box, x, y);
    if (distance < least) [best, least] = [span, distance];
  });
  return best === null ? null : { span: best, offset: nearestEdge(lines[best], x, y) };
}

function distanceTo([x0, y0, x1, y1], x, y) {
  // Across lines counts more than along them: a point right of a short line means that line.
  return Math.hypot(Math.max(x0 - x, 0, x - x1) / 4, Math.max(y0 - y, 0, y - y1));
}

function nearestEdge(line, x, y) {
  const [dx, dy] = line.dir ?? [1, 0];
  const along = x * dx + y * dy;
  const edges = edgesOf(line);
  let best = 0;
  edges.forEach((edge, i) => {
    if (Math.abs(edge - along) < Math.abs(edges[best] - along)) best = i;
  });
  return best;
}

/** Where each letter begins along the line, and where the last one ends. */
function edgesOf({ text, box, dir, x }) {
  if (x?.length === text.length + 1) return x;
  const { from, to } = extent(box, dir ?? [1, 0]);
  return Array.from({ length: text.length + 1 }, (_, i) => from + ((to - from) * i) / text.length);
}

function extent([x0, y0, x1, y1], [dx, dy]) {
  const ways = [x0 * dx + y0 * dy, x0 * dx + y1 * dy, x1 * dx + y0 * dy, x1 * dx + y1 * dy];
  return { from: Math.min(...ways), to: Math.max(...ways) };
}

/** The word at a place: [from, to]. @param {Line[]} lines @param {Place} place @returns {[Place, Place]} */
export function wordAt(lines, { span, offset }) {
  const { text } = lines[span];
  let from = offset;
  let to = offset;
  while (from > 0 && /\S/.test(text[from - 1])) from -= 1;
  while (to < text.length && /\S/.test(text[to])) to += 1;
  return [
    { span, offset: from },
    { span, offset: to },
  ];
}

export function isBefore(one, other) {
  return one.span < other.span || (one.span === other.span && one.offset < other.offset);
}

/**
 * The passage between two places, whichever comes first: its pieces as quads, its words, and what stands around them.
 * Null where there is nothing but space between them.
 * @returns {{quads: number[][], anchor: {quote: string, prefix: string, suffix: string}} | null}
 */
export function passageBetween(lines, one, other) {
  const [from, to] = isBefore(other, one) ? [other, one] : [one, other];
  const pieces = piecesBetween(lines, from, to);
  if (!pieces.length) return null;
  const before = lines.slice(0, from.span).map(textOf).concat(lines[from.span].text.slice(0, from.offset));
  const after = [lines[to.span].text.slice(to.offset)].concat(lines.slice(to.span + 1).map(textOf));
  return {
    quads: pieces.map(({ line, start, end }) => quadOf(line, start, end)),
    anchor: {
      quote: pieces.map(({ line, start, end }) => line.text.slice(start, end)).join(" "),
      prefix: before.slice(-4).join(" ").slice(-CONTEXT),
      suffix: after.slice(0, 4).join(" ").slice(0, CONTEXT),
    },
  };
}

/** The parts of lines between two places, without the space at their ends. */
export function piecesBetween(lines, from, to) {
  const pieces = [];
  for (let span = from.span; span <= to.span; span += 1) {
    const line = lines[span];
    const first = span === from.span ? from.offset : 0;
    const last = span === to.span ? to.offset : line.text.length;
    const piece = line.text.slice(first, last);
    const start = first + piece.length - piece.trimStart().length;
    const end = first + piece.trimEnd().length;
    if (end > start) pieces.push({ line, start, end });
  }
  return pieces;
}

const textOf = (line) => line.text;

/** The letters [start, end) of a line as a quad, rounded to 0.01 pt. */
export function quadOf(line, start, end) {
  const [dx, dy] = line.dir ?? [1, 0];
  const edges = edgesOf(line);
  const [left, right] = [Math.min(edges[start], edges[end]), Math.max(edges[start], edges[end])];
  const { from: bottom, to: top } = extent(line.box, [-dy, dx]);
  // (dx, dy) runs along the line, (-dy, dx) from its foot to its head.
  const corner = (along, across) => [along * dx - across * dy, along * dy + across * dx];
  return [corner(left, top), corner(right, top), corner(left, bottom), corner(right, bottom)].flat().map(rounded);
}

function rounded(number) {
  return Math.round(number * 100) / 100 + 0;
}
