/* Streams a chosen or dropped file to the server as it is; the answer goes to the store `upload-result`. */
(function () {
  "use strict";
  var running = null;

  function byId(id) { return document.getElementById(id); }

  function tell(data) { window.dash_clientside.set_props("upload-result", { data: data }); }

  function refuse(title, detail) { tell({ title: title, status: 0, detail: detail }); }

  function element(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) { made.textContent = text; }
    return made;
  }

  /* The bar is ours alone: Dash never sets the children of `upload-progress`. */
  function show(name, cancel) {
    var place = byId("upload-progress");
    if (!place) { return function () {}; }
    var bar = element("div", { class: "progress", role: "progressbar", "aria-label": "Upload of " + name,
                               "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" });
    var filled = element("div", { class: "progress-bar" });
    var words = element("span", { class: "small muted" }, "Sending " + name);
    var stop = element("button", { type: "button", class: "btn btn-sm btn-quiet", id: "upload-cancel" }, "Cancel");
    var line = element("div", { class: "line" });
    stop.addEventListener("click", cancel);
    bar.appendChild(filled);
    line.append(words, stop);
    place.replaceChildren(line, bar);
    return function (percent) {
      filled.style.width = percent + "%";
      bar.setAttribute("aria-valuenow", String(percent));
      stop.hidden = percent >= 100;  /* the server has it all: to cancel would keep it, and not say so */
      /* In steps of ten: the words stand in a live region and are read aloud. */
      var tens = 10 * Math.floor(percent / 10);
      var said = percent < 100 ? "Sending " + name + ", " + tens + " %" : "Reading " + name;
      if (words.textContent !== said) { words.textContent = said; }
    };
  }

  function clear() {
    running = null;
    if (byId("upload-progress")) { byId("upload-progress").replaceChildren(); }
  }

  function send(file) {
    var slot = byId("upload-slot");
    var limit = Number(slot && slot.dataset.limit) || Infinity;
    if (running) { running.abort(); }
    if (file.size > limit) {
      /* Said here, because a browser drops an answer that comes while it is still sending. */
      refuse("Too large", file.name + " is larger than the limit of " + Math.round(limit / 1e6) + " MB. " +
        "Send fewer rows or columns, or a Parquet or .csv.gz file.");
      return;
    }
    if (file.size === 0) { refuse("Empty", file.name + " is empty. Choose a table with a header and rows."); return; }
    var request = new XMLHttpRequest();
    var progress = show(file.name, function () { request.abort(); });
    running = request;
    request.open("POST", "/api/uploads");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Problems-In-Body", "1");  /* a 4xx would stand in the console */
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) { progress(Math.floor(100 * event.loaded / event.total)); }
    };
    request.onload = function () {
      clear();
      try { tell(JSON.parse(request.responseText)); } catch (error) {
        refuse("Not sent", "The server's answer could not be read. Try again.");
      }
    };
    request.onerror = function () {
      clear();
      refuse("Not sent", "The connection broke while " + file.name + " was sent. Nothing was kept; try again.");
    };
    request.onabort = function () {
      clear();
      refuse("Cancelled", "The upload was cancelled. Nothing was kept.");
    };
    request.send(file);
  }

  function dropZone(event) { return event.target.closest && event.target.closest("#upload-drop"); }

  /* The file input is made here: Dash has none. */
  function fill() {
    var slot = byId("upload-slot");
    if (slot && !slot.firstChild) {
      slot.appendChild(element("input", { type: "file", id: slot.dataset.input || "upload-input",
        class: "visually-hidden", accept: slot.dataset.accept || "" }));
    }
  }

  new MutationObserver(fill).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("change", function (event) {
    if (event.target.id !== "upload-input" || !event.target.files.length) { return; }
    send(event.target.files[0]);
    event.target.value = "";
  }, true);
  ["dragenter", "dragover"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = dropZone(event);
      if (zone) { event.preventDefault(); zone.classList.add("over"); }
    }, true);
  });
  document.addEventListener("dragleave", function (event) {
    var zone = dropZone(event);
    if (zone && !zone.contains(event.relatedTarget)) { zone.classList.remove("over"); }
  }, true);
  document.addEventListener("drop", function (event) {
    var zone = dropZone(event);
    if (!zone) { return; }
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) { send(event.dataTransfer.files[0]); }
  }, true);
})();
