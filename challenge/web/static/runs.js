// Keeps the page of a run up to date while the run goes on; without it there is a link to reload.
(function () {
  "use strict";
  var live = document.getElementById("live");
  if (!live) { return; }
  var said = document.getElementById("live-said");
  var part = live.querySelector("svg .part");
  var whole = live.querySelector("svg .whole");
  var state = live.dataset.state;
  var events = document.getElementById("live-events");
  var reload = document.getElementById("live-reload");
  if (reload) { reload.hidden = true; }

  function show(answer) {
    if (answer.state !== state) { window.location.reload(); return; }
    if (said.textContent !== answer.said) { said.textContent = answer.said; }
    if (part && whole && answer.total > 0) {
      part.setAttribute("width", Math.min(answer.done / answer.total, 1) * whole.getAttribute("width"));
    }
    (answer.tasks || []).forEach(function (task) {
      var cell = Array.from(live.querySelectorAll("[data-task]")).find(function (one) { return one.dataset.task === task.task; });
      if (cell) { cell.textContent = task.done.toLocaleString("en-US"); }
    });
    if (events) { (answer.events || []).slice(events.children.length).forEach(add); }
    // the table of tasks is not there before the engine has begun
    if ((answer.tasks || []).length && !live.querySelector("[data-task]")) { window.location.reload(); return; }
    window.setTimeout(ask, 2000);
  }

  function add(event) {
    var line = document.createElement("li"), at = document.createElement("span");
    at.className = "quiet";
    at.textContent = event.at;
    line.append(at, " " + event.sentence);
    events.append(line);
  }

  function ask() {
    if (document.hidden) { window.setTimeout(ask, 2000); return; }
    fetch(live.dataset.progress, { headers: { Accept: "application/json" } })
      .then(function (response) { if (!response.ok) { throw new Error(response.status); } return response.json(); })
      .then(show)
      .catch(function () { if (reload) { reload.hidden = false; } });
  }

  window.setTimeout(ask, 2000);
})();
