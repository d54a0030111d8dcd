// The text of a page as real DOM text in reading order, transparent over the image: for selecting, copying and screen
// readers. The layer itself carries the page's matrix, so a line is placed where it stands in the file.

const FONT = "sans-serif";
let ruler = null;

/** @param {{spans: object[], links?: object[]}} text @param {number[]} matrix PDF user space to view points */
export function textLayer({ spans, links = [] }, matrix) {
  const layer = document.createElement("div");
  layer.className = "page-text";
  layer.style.transform = `matrix(${matrix.join(",")})`;
  for (const span of spans) layer.append(line(span));
  for (const link of links) layer.append(linkArea(link));
  return layer;
}

function line({ text, box, dir, x }) {
  const [x0, y0, x1, y1] = box;
  const element = document.createElement("p");
  const angle = dir ? Math.atan2(dir[1], dir[0]) : 0;
  const isUpright = Math.abs(Math.sin(angle)) > 0.7;
  const [length, size] = isUpright ? [y1 - y0, x1 - x0] : [x1 - x0, y1 - y0];
  element.append(...(x?.length > text.length ? words(text, x, size) : [text]));
  const natural = x?.length > text.length ? length : widthOf(text) * size;
  const stretch = natural > 0 ? length / natural : 1;
  element.style.fontSize = `${size}px`;
  element.style.left = `${(x0 + x1) / 2}px`;
  element.style.top = `${(y0 + y1) / 2}px`;
  // User space has y up, so each line is turned over once more, about its own middle, together with its direction.
  element.style.transform = `rotate(${angle}rad) scale(${stretch}, -1) translate(-50%, -50%)`;
  return element;
}

/** Each word with the space after it as wide as it stands in the file, whatever the face of this layer. */
function words(text, x, size) {
  return [...text.matchAll(/\S+\s*|\s+/g)].map(({ 0: word, index }) => {
    const element = document.createElement("span");
    element.textContent = word;
    const wanted = Math.abs(x[index + word.length] - x[index]);
    element.style.letterSpacing = `${(wanted - widthOf(word) * size) / word.length}px`;
    return element;
  });
}

/** Width of the text at 1 px. */
function widthOf(text) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `100px ${FONT}`;
  return ruler.measureText(text).width / 100;
}

function linkArea({ box: [x0, y0, x1, y1], page, uri }) {
  const area = document.createElement("a");
  if (page) area.dataset.goTo = page;
  area.href = page ? `#${page}` : safe(uri);
  if (!page) Object.assign(area, { target: "_blank", rel: "noopener noreferrer" });
  area.setAttribute("aria-label", page ? String(page) : uri);
  Object.assign(area.style, { left: `${x0}px`, top: `${y0}px`, width: `${x1 - x0}px`, height: `${y1 - y0}px` });
  return area;
}

/** A paper comes from outside: only addresses of the web and of mail. */
function safe(uri) {
  return /^(https?:|mailto:)/i.test(uri ?? "") ? uri : "#";
}
