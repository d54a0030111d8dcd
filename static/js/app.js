// The one module every page loads: brings the elements to life and, where the page belongs to someone, the connection.

import "./elements/agenda-order.js";
import "./elements/check-in.js";
import "./elements/close-form.js";
import "./elements/confirm-button.js";
import "./elements/conclusion-editor.js";
import "./elements/connection-status.js";
import "./elements/count-down.js";
import "./elements/current-item.js";
import "./elements/day-field.js";
import "./elements/desk-keys.js";
import "./elements/leave-room.js";
import "./elements/name-filter.js";
import "./elements/page-refusals.js";
import "./elements/paper-upload.js";
import "./elements/passing-line.js";
import "./elements/person-acts.js";
import "./elements/phien-clock.js";
import "./elements/phien-refusals.js";
import "./elements/poll-ballot.js";
import "./elements/room-drawer.js";
import "./elements/text-size.js";
import "./elements/yet-to-vote.js";
import { startActs } from "./acts.js";
import { startCsrf } from "./csrf.js";
import { connection } from "./realtime/connection.js";
import { followLeaving } from "./realtime/leaving.js";
import { Panels } from "./realtime/panels.js";
import { showStatusOnPage } from "./realtime/page_status.js";

startActs();
startCsrf();

const { person, device, build } = document.body.dataset;
if (person || device) {
  showStatusOnPage(connection, document.documentElement);
  followLeaving(connection);
  new Panels(connection, document.body).start();
  connection.start({ person, device, build, language: document.documentElement.lang });
}
