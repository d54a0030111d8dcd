import assert from "node:assert/strict";
import { test } from "node:test";
import { Following } from "../../static/js/models/following.js";

const ME = 12;
const shown = (page, by = 31) => ({ version: "v", page, by, by_name: "Lê Văn An" });

test("everyone follows until he touches the paper, and one tap follows again", () => {
  const following = new Following(ME);
  assert.equal(following.state, "free");
  assert.equal(following.hear(shown(5)).page, 5);
  assert.equal(following.state, "following");
  following.touched();
  assert.equal(following.hear(shown(6)), null);
  assert.equal(following.state, "offered");
  assert.equal(following.follow().page, 6);
  assert.equal(following.state, "following");
});

test("who presents does not follow himself", () => {
  const following = new Following(ME);
  following.present();
  assert.equal(following.hear(shown(5, ME)), null);
  assert.equal(following.state, "presenting");
});

test("when another takes over, my presenting ends and I am offered to follow", () => {
  const following = new Following(ME);
  following.present();
  following.hear(shown(2, 31));
  assert.equal(following.state, "offered");
});

test("that another paper is not shown ends nothing", () => {
  const following = new Following(ME);
  following.hear(shown(5));
  following.touched();
  following.hear({ version: "another", page: null });
  assert.equal(following.state, "offered");
});

test("who goes on to another paper while presenting presents that one", () => {
  const following = new Following(ME);
  following.present();
  following.hear({ version: "another", page: null });
  following.hear(shown(5, ME));
  following.hear({ version: "another", page: null });
  assert.equal(following.state, "presenting");
});

test("when the presentation ends nobody follows anything", () => {
  const following = new Following(ME);
  following.hear(shown(5));
  assert.equal(following.hear({ version: "v", page: null }), null);
  assert.equal(following.state, "free");
});
