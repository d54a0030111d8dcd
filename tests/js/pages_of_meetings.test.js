import assert from "node:assert/strict";
import { test } from "node:test";

import { placeAfterDrop } from "../../static/js/models/agenda_order.js";
import { lengthInWords } from "../../static/js/models/clock_face.js";
import { countdownText } from "../../static/js/models/countdown.js";
import { presenceIn } from "../../static/js/models/presence.js";
import { isoOfDay, writtenDay } from "../../static/js/models/written_day.js";

test("a line dropped before or after another takes the place it points to", () => {
  assert.equal(placeAfterDrop(1, 3, true), 3);
  assert.equal(placeAfterDrop(1, 3, false), 2);
  assert.equal(placeAfterDrop(3, 1, false), 1);
  assert.equal(placeAfterDrop(3, 1, true), 2);
  assert.equal(placeAfterDrop(2, 2, true), 2);
  assert.equal(placeAfterDrop(2, 2, false), 2);
});

test("a countdown speaks of hours, of minutes, and of now; of another day it is silent", () => {
  const words = { hours: "%h giờ %m phút", minutes: "%m phút", now: "đến giờ" };
  assert.equal(countdownText(95 * 60_000, words), "1 giờ 35 phút");
  assert.equal(countdownText(20_000, words), "1 phút");
  assert.equal(countdownText(0, words), "đến giờ");
  assert.equal(countdownText(25 * 3_600_000, words), "");
});

test("nobody is asked to check in before it is known who is expected", () => {
  assert.deepEqual(presenceIn(""), { isAsked: false, isThere: false });
  assert.deepEqual(presenceIn('{"expected":true,"checked_in":false}'), { isAsked: true, isThere: false });
  assert.deepEqual(presenceIn('{"expected":true,"checked_in":true}'), { isAsked: false, isThere: true });
  assert.deepEqual(presenceIn('{"expected":false,"checked_in":false}'), { isAsked: false, isThere: false });
});

test("a day is written as offices do and read back", () => {
  assert.equal(isoOfDay("5/1/2027"), "2027-01-05");
  assert.equal(isoOfDay(" 05-01-2027 "), "2027-01-05");
  assert.equal(isoOfDay("tháng sau"), "");
  assert.equal(writtenDay("2027-01-05"), "05/01/2027");
  assert.equal(writtenDay(""), "");
});

test("a quiet clock speaks of whole minutes, and of seconds below one", () => {
  const words = { minutes: "%s phút", seconds: "%s giây" };
  assert.equal(lengthInWords(754, words), "12 phút");
  assert.equal(lengthInWords(-59, words), "59 giây");
});
