import assert from "node:assert/strict";
import { test } from "node:test";
import { Words, firstFrom, folded, hitsIn, stepTo, wordsIn } from "../../static/js/models/finding.js";

const found = (lines, question) =>
  hitsIn(folded(lines), question).map(({ from, to }) => {
    const [first, last] = [lines[from.span], lines[to.span]];
    return from.span === to.span ? first.slice(from.offset, to.offset) : `${first.slice(from.offset)}⏎${last.slice(0, to.offset)}`;
  });

test("without accents every accent is found, in capitals too", () => {
  assert.deepEqual(found(["Dự toán ngân sách; DỰ TOÁN, du toan"], "du toan"), ["Dự toán", "DỰ TOÁN", "du toan"]);
  assert.deepEqual(found(["Đường Đê, dê"], "de"), ["Đê", "dê"]);
});

test("an accent that is written is wanted", () => {
  assert.deepEqual(found(["dự án, dư âm, du xuân"], "dự"), ["dự"]);
  assert.deepEqual(found(["đê và dê"], "đê"), ["đê"]);
  assert.deepEqual(found(["tấn, tân, tan"], "tân"), ["tấn", "tân"]);
});

test("a hit may run over the end of a line", () => {
  assert.deepEqual(found(["về dự toán ngân ", " sách năm 2027"], "ngan sach"), ["ngân ⏎ sách"]);
});

test("letters whose accents stand apart are found as a whole", () => {
  const apart = "dự toán".normalize("NFD");
  assert.deepEqual(found([`về ${apart} này`], "dự toán"), [apart]);
});

test("spaces of the question and of the page need not agree", () => {
  assert.deepEqual(found(["chi    đầu\u00a0tư"], "  chi  đầu tư "), ["chi    đầu\u00a0tư"]);
  assert.deepEqual(found(["abc"], "   "), []);
  assert.deepEqual(found([], "a"), []);
});

test("signs of a search are plain letters", () => {
  assert.deepEqual(found(["a.c (x) [1]", "abc"], "a.c"), ["a.c"]);
  assert.deepEqual(found(["a.c (x) [1]"], "(X) ["), ["(x) ["]);
});

test("all pages are searched in order, and pages not read yet are counted", () => {
  const words = new Words([["một"], null, ["hai một", "một"], []]);
  assert.deepEqual(words.find("mot").map((hit) => [hit.page, hit.from.span]), [[1, 0], [3, 0], [3, 1]]);
  assert.equal(words.unread, 1);
  assert.equal(words.isEmpty, false);
  assert.equal(new Words([[], []]).isEmpty, true);
});

test("stepping goes round, and begins where one is", () => {
  assert.deepEqual([stepTo(2, 1, 3), stepTo(0, -1, 3), stepTo(0, 1, 0)], [0, 2, -1]);
  const hits = [{ page: 2 }, { page: 5 }, { page: 9 }];
  assert.deepEqual([firstFrom(hits, 5), firstFrom(hits, 6), firstFrom(hits, 10), firstFrom([], 1)], [1, 2, 0, -1]);
});

const foundWords = (lines, question) =>
  wordsIn(folded(lines), question).map(({ from, to }) => lines[from.span].slice(from.offset, to.offset));

test("where a question stands nowhere as it was written, the pages with all of its words are found", () => {
  const words = new Words([["dự toán", "của ngân sách"], ["ngân sách"], ["ngân sách, dự toán và sách"]]);
  assert.deepEqual(words.find("ngan sach du toan").map((hit) => hit.page), [1, 1, 1, 1, 3, 3, 3, 3, 3]);
  assert.deepEqual(words.find("\"ngân sách\"").map((hit) => hit.page), [1, 2, 3]);
});

test("a page that was named is not passed over for one that has the words side by side", () => {
  const words = new Words([["sách ngân"], ["ngân sách"]]);
  assert.deepEqual(words.find("ngan sach").map((hit) => hit.page), [2]);
  assert.deepEqual(words.find("ngan sach", 1).map((hit) => hit.page), [1, 1, 2, 2]);
});

test("words are compared as the server compares them", () => {
  assert.deepEqual(foundWords(["hoà bình; hòa; hoa; Hoạ"], "bình hòa"), ["hoà", "bình", "hòa"]);
  assert.deepEqual(foundWords(["số 412/QĐ-UBND"], "412 qđ ub"), ["412", "QĐ", "UBND"]);
  assert.deepEqual(foundWords(["ngành và ngân"], "và ngân"), ["và", "ngân"]);
  assert.deepEqual(foundWords(["ngành"], "ngan"), ["ngành"]);
  assert.deepEqual(foundWords(["ngành"], "ngan ngan"), []);
  assert.deepEqual(foundWords(["ngân"], "…"), []);
});
