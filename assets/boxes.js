/* Number boxes: a comma becomes a point, and what stands in a box is sent after a pause or as soon as it is left.
   Whatever is pressed meanwhile waits until that has reached the address and the links. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const PAUSE = 400; // milliseconds without a key, before a box sends its number
  const LOOK = 15; // between two looks at whether all has arrived
  const LONGEST = 8000; // what is pressed waits no longer
  const OURS = 'input.form-control[type="number"], input.form-control.typed';
  const WAITS = "a[href]:not(.skip), .page button, #copy-link";

  /* ---- a number as people write it ---- */
  const whole = (box) => box.inputMode === "numeric";

  /* Whole numbers in groups of three lose what parts them. Of two kinds of mark the last one is the point. */
  function plain(text, box) {
    const bare = text.replace(/[^\d.,+\-eE]/g, "").replace(/[.,]+$/, "");
    if (whole(box) && /^[+-]?\d{1,3}([.,]\d{3})+$/.test(bare)) return bare.replace(/[.,]/g, "");
    const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
    if (last < 0) return bare;
    const mark = bare[last];
    const groups = bare.indexOf(mark) < last;
    const front = bare.slice(0, last).replace(/[.,]/g, "");
    return front + (groups ? "" : ".") + bare.slice(last + 1);
  }
  /* As if it had been typed: the browser's undo and the input event stay. */
  const insert = (text) => document.execCommand("insertText", false, text);

  document.addEventListener("beforeinput", (event) => {
    const box = event.target;
    if (box.type !== "number" || event.inputType !== "insertText" || !event.data) return;
    if (whole(box) && /^[.,\s'\u2019]$/.test(event.data)) event.preventDefault();
    else if (event.data === ",") {
      event.preventDefault();
      insert(".");
    }
  });
  document.addEventListener("paste", (event) => {
    if (event.target.type !== "number" || !event.clipboardData) return;
    event.preventDefault();
    insert(plain(event.clipboardData.getData("text"), event.target));
  });

  /* ---- from the box to Dash ---- */
  const touched = new Map(); // box -> its timer

  const shown = (n) => (n < 0 ? "\u2212" : "") + Math.abs(n).toLocaleString("en-US", { maximumFractionDigits: 10 });
  function say(box, words) {
    const place = box.closest(".control") && box.closest(".control").querySelector(".said");
    if (place && place.textContent !== words) place.textContent = words;
  }
  /* Beyond a scale is the end of it, and that is said. */
  function within(box, value) {
    if (value === null || box.min === "" || box.max === "") return value;
    const near = Math.min(Math.max(value, Number(box.min)), Number(box.max));
    say(box, near === value ? "" : shown(value) + " could not be used; " + shown(near) + " stands in its place.");
    return near;
  }
  function send(box) {
    window.clearTimeout(touched.get(box));
    if (!touched.delete(box) || !box.isConnected) return;
    const number = box.value === "" ? null : Number(box.value);
    const value = box.type === "number" ? within(box, number) : box.value;
    window.dash_clientside.set_props(box.id.startsWith("{") ? JSON.parse(box.id) : box.id, { value });
  }
  const sendAll = (but) => [...touched.keys()].filter((box) => box !== but).forEach(send);

  document.addEventListener("input", ({ target }) => {
    if (!target.matches(OURS)) return;
    say(target, "");
    window.clearTimeout(touched.get(target));
    touched.set(target, window.setTimeout(send, PAUSE, target));
  });
  document.addEventListener("focusout", ({ target }) => send(target));
  window.addEventListener("pointerdown", ({ target }) => sendAll(target), true);
  window.addEventListener("keydown", (event) => event.key === "Enter" && sendAll(), true);

  /* ---- what is pressed waits for it ---- */
  const WRITES = /(^|\.)(scenario|compare-state|design-state)\.data|"type":"carry"/;
  const SCRIPTS = ["policy.move", "compare.write", "design.write"];
  function writes({ callback }) {
    const { namespace, function_name } = callback.clientside_function || {};
    return WRITES.test(callback.output) || SCRIPTS.includes(namespace + "." + function_name);
  }
  /* Whether anything on its way to the scenario, the address or the links has not arrived. */
  function underWay() {
    sendAll();
    if (ns.policy && ns.policy.hurry()) return true;
    const queues = window.store ? window.store.getState().callbacks : {};
    return ["requested", "prioritized", "blocked", "executing", "watched", "executed"].some((name) =>
      (queues[name] || []).some(writes),
    );
  }

  let pressed = null; // the last click that waits
  let again = false;
  function arrived(then) {
    const until = performance.now() + LONGEST;
    let calm = 0;
    (function look() {
      calm = underWay() ? 0 : calm + 1;
      if (calm > 2 || performance.now() > until) then();
      else window.setTimeout(look, LOOK);
    })();
  }
  window.addEventListener(
    "click",
    (event) => {
      const target = event.target.closest && event.target.closest(WAITS);
      if (!target || again || (!pressed && !underWay())) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const waits = pressed !== null;
      pressed = { target, keys: event };
      if (waits) return;
      document.body.classList.add("arriving");
      arrived(() => {
        const { keys } = pressed;
        const target = pressed.target.isConnected ? pressed.target : document.getElementById(pressed.target.id);
        const { ctrlKey, metaKey, shiftKey, altKey, detail } = keys;
        pressed = null;
        document.body.classList.remove("arriving");
        if (!target) return;
        again = true;
        target.dispatchEvent(
          new MouseEvent("click", { bubbles: true, cancelable: true, view: window, detail, ctrlKey, metaKey, shiftKey, altKey }),
        );
        again = false;
      });
    },
    true,
  );
})();
