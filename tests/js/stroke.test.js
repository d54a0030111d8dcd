import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MOST_POINTS,
  StrokeWriter,
  boundsOf,
  boxesMeet,
  passesNear,
  stepsBetween,
  pointsOf,
  pointsOfIntegers,
  trace,
} from "../../static/js/models/stroke.js";

function written(...points) {
  const writer = new StrokeWriter();
  for (const [x, y] of points) writer.add(x, y);
  return writer;
}

test("what is written is read back to a fiftieth of a point, however long the stroke", () => {
  const writer = new StrokeWriter();
  const path = Array.from({ length: 1500 }, (_, i) => [100 + i * 0.313, 700 - Math.sin(i / 9) * 40]);
  const kept = path.filter(([x, y]) => writer.add(x, y));
  const points = pointsOf(writer.geometry());
  assert.equal(points.length, 2 * kept.length);
  kept.forEach(([x, y], i) => {
    assert.ok(Math.abs(points[2 * i] - x) <= 0.01 + 1e-9 && Math.abs(points[2 * i + 1] - y) <= 0.01 + 1e-9);
  });
});

test("geometry is the start in points and whole numbers after it", () => {
  assert.deepEqual(written([10, 20], [11, 19.5]).geometry(), { scale: 50, start: [10, 20], deltas: [50, -25] });
});

test("a point where the last one was is not written, nor one that is no number", () => {
  const writer = written([10, 20]);
  assert.equal(writer.add(10.01, 20.01), false);
  assert.equal(writer.add(NaN, 1), false);
  assert.equal(writer.pointCount, 1);
});

test("small steps are not lost: they add up to a point", () => {
  const writer = written([0, 0]);
  for (let i = 1; i <= 10; i += 1) writer.add(i * 0.05, 0);
  assert.equal(pointsOf(writer.geometry()).at(-2), 0.5);
});

test("the writer says when a stroke is full before the server would refuse it", () => {
  const writer = new StrokeWriter();
  for (let i = 0; i < MOST_POINTS; i += 1) writer.add(i, i);
  assert.ok(writer.isFull);
  assert.ok(writer.pointCount <= 2000);
});

test("the growing integers and the finished geometry are the same points", () => {
  const writer = written([1, 2], [3, 4], [2.5, 9]);
  assert.deepEqual(pointsOfIntegers(writer.ints), pointsOf(writer.geometry()));
  assert.equal(pointsOfIntegers([]).length, 0);
});

test("a path begins at the first point and ends at the last", () => {
  const calls = [];
  const path = {
    moveTo: (...at) => calls.push(["move", ...at]),
    lineTo: (...at) => calls.push(["line", ...at]),
    quadraticCurveTo: (...at) => calls.push(["curve", ...at]),
  };
  trace([0, 0, 10, 0, 10, 10], path);
  assert.deepEqual(calls, [
    ["move", 0, 0],
    ["curve", 10, 0, 10, 5],
    ["line", 10, 10],
  ]);
});

test("a dot is a path too", () => {
  const calls = [];
  trace([5, 5], { moveTo: () => calls.push("move"), lineTo: () => calls.push("line") });
  assert.deepEqual(calls, ["move", "line"]);
});

test("the eraser finds the line between the points, not only the points", () => {
  const points = [0, 0, 100, 0];
  assert.ok(passesNear(points, 50, 3, 4));
  assert.ok(!passesNear(points, 50, 5, 4));
  assert.ok(!passesNear(points, 106, 0, 4));
  assert.ok(passesNear([7, 7], 8, 8, 2));
});

test("a quick eraser leaves no gap on its way", () => {
  const way = stepsBetween({ x: 0, y: 0 }, { x: 10, y: 0 }, 4);
  assert.deepEqual(way.map(({ x }) => Math.round(x * 100) / 100), [3.33, 6.67, 10]);
  assert.deepEqual(stepsBetween({ x: 1, y: 1 }, { x: 1, y: 1 }, 4), [{ x: 1, y: 1 }]);
});

test("bounds hold the pen's width", () => {
  assert.deepEqual(boundsOf([1, 2, 3, -4], 0.5), [0.5, -4.5, 3.5, 2.5]);
  assert.ok(boxesMeet([0, 0, 2, 2], [2, 2, 3, 3]));
  assert.ok(!boxesMeet([0, 0, 2, 2], [2.1, 0, 3, 3]));
});
