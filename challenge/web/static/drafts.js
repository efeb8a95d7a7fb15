// Keeps a review as a draft while it is being written; without it there is a button that does.
(function () {
  "use strict";
  var form = document.getElementById("review-form");
  var said = document.getElementById("draft-said");
  if (!form || !said) { return; }
  var basis = form.elements.namedItem("basis");
  var waits = 0, timer = null, asked = null, stopped = false, dirty = false, leaving = false;

  function tell(sentence) { if (said.textContent !== sentence) { said.textContent = sentence; } }

  function keep() {
    timer = null;
    if (stopped || leaving || !dirty) { return asked; }
    if (asked) { return asked; }
    dirty = false;
    asked = fetch(form.dataset.draft, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } })
      .then(function (answer) {
        if ((answer.headers.get("Content-Type") || "").indexOf("application/json") !== 0) { throw new Error(answer.status); }
        return answer.json();
      })
      .then(function (answer) {
        waits = 0;
        tell(answer.sentence);
        if (answer.kept) { basis.value = answer.basis; } else { dirty = true; stopped = answer.stop; }
      })
      .catch(function () { dirty = true; waits += 1; tell(said.dataset.away); later(Math.min(5 * waits, 60)); })
      .then(function () { asked = null; if (dirty && !timer && !stopped && !waits) { later(2); } });
    return asked;
  }

  function later(seconds) { window.clearTimeout(timer); timer = window.setTimeout(keep, seconds * 1000); }

  form.addEventListener("input", function () { dirty = true; later(2); });
  document.addEventListener("visibilitychange", function () { if (document.hidden && dirty) { keep(); } });
  form.addEventListener("submit", function (event) {
    if (!asked) { leaving = true; return; }
    // a draft is on its way: the form waits for it, so that the two do not cross
    var button = event.submitter;
    event.preventDefault();
    asked.then(function () { form.requestSubmit(button); });
  });
  window.addEventListener("beforeunload", function (event) { if (dirty && !leaving) { event.preventDefault(); } });
  tell("While you write, a draft is kept every few seconds; only you see it.");
})();
