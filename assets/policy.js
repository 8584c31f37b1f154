/* The form of a plan's conditions: a slider and its box are one control; at rest all boxes are sent at once. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const REST = 150; // milliseconds without a move, before the form is sent
  const CALM = 700; // and before what takes longer is asked for
  const page = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  let turn = 0;
  let resting = null;
  let unsent = null; // the form, while it rests
  let calming = null;

  const set = (id, value) => window.dash_clientside.set_props(id, { value });
  const text = (n) => Number(n.toPrecision(10));

  /* Margin, cost and the worth of a response are always a number: who leaves their box empty gets back what stood
     there. Asked when the box is left and when its pause is over, since Dash does not set a value that it still
     believes to stand there. */
  const ALWAYS = new Map(["margin", "cost", "value"].map((name) => [JSON.stringify({ name, type: "limit" }), name]));
  const stood = new Map();
  function restore(box) {
    if (!box || !box.isConnected || !ALWAYS.has(box.id) || box.value !== "" || box === document.activeElement) return;
    if (stood.has(box.id)) set({ type: "limit", name: ALWAYS.get(box.id) }, stood.get(box.id));
  }
  document.addEventListener("focusin", ({ target }) => {
    if (ALWAYS.has(target.id) && target.value !== "") stood.set(target.id, Number(target.value));
  });
  document.addEventListener("focusout", ({ target }) => window.setTimeout(restore, 0, target));

  /* Whichever of the two moved, the other follows. A budget at the slider's right end is none. */
  function pair(moved, boxes, sliders, tops) {
    if (!moved || (moved.type !== "limit" && moved.type !== "limit-slider")) return;
    const place = sliders.findIndex((one) => one.id.name === moved.name);
    const box = boxes.find((one) => one.id.name === moved.name);
    if (!box) return;
    const empty = box.value === "" || !Number.isFinite(box.value ?? NaN); // an emptied box sends NaN
    if (moved.type === "limit" && empty && ALWAYS.has(JSON.stringify(moved))) {
      window.setTimeout(restore, 50, document.getElementById(JSON.stringify(moved))); // once the box shows it
      return;
    }
    if (place < 0) return;
    const slider = sliders[place];
    const top = tops[place].value;
    if (moved.type === "limit-slider") {
      const wanted = moved.name === "budget" && slider.value >= top ? null : text(slider.value);
      if ((box.value ?? null) !== wanted) {
        set(box.id, wanted);
        box.value = wanted;
      }
    } else {
      const wanted = empty ? top : Math.min(Math.max(Number(box.value), 0), top);
      if (Number.isFinite(wanted) && slider.value !== wanted) set(slider.id, wanted);
    }
  }

  ns.policy = {
    /* Inputs: boxes, sliders, per-action boxes, quotas (all by pattern), and the rows of quotas, because Dash does
       not call when one goes. State: the sliders' ends. */
    move: function () {
      const ctx = window.dash_clientside.callback_context;
      const [boxes, sliders, actions, quotas] = ctx.inputs_list;
      pair(ctx.triggered_id, boxes, sliders, ctx.states_list[0]);
      unsent = [...boxes, ...actions, ...quotas].map((one) => ({ id: one.id, value: one.value ?? null }));
      window.clearTimeout(resting);
      resting = window.setTimeout(ns.policy.hurry, REST);
    },
    /* Send the form now if it rests; whether it did. Once its page was left there is no form. */
    hurry: function () {
      window.clearTimeout(resting);
      const data = unsent;
      unsent = null;
      if (!data || !document.getElementById("policy-notice")) return false;
      window.dash_clientside.set_props("policy-form", { data });
      return true;
    },
    /* Whose question it is and which: the server stops working on a page's older ones. */
    asked: function (query) {
      turn += 1;
      return { ...query, page, turn: String(turn) };
    },
    /* The plan stands and nothing has moved for a while: now for the comparisons. */
    rest: function (solved) {
      window.clearTimeout(calming);
      const no = window.dash_clientside.no_update;
      if (!solved) return no;
      calming = window.setTimeout(() => {
        if (document.getElementById("policy-later")) window.dash_clientside.set_props("policy-calm", { data: solved });
      }, CALM);
      return no;
    },
    /* A point of the frontier is a budget. */
    spend: function (click) {
      const point = click && click.points && click.points[0];
      if (point && Number.isFinite(point.x)) set({ type: "limit", name: "budget" }, text(point.x));
    },
    /* A cell of the map is a margin and a cost; without what contacts or actions have of their own. */
    pick: function (click) {
      const point = click && click.points && click.points[0];
      const plot = document.querySelector("#plan-map-chart .js-plotly-plot");
      const rows = point && plot && plot.data[point.curveNumber].customdata;
      const cell = rows && rows[point.y] && rows[point.y][point.x];
      if (!cell) return;
      if (cell[0] !== null) set({ type: "limit", name: "margin" }, text(cell[0] * 100));
      if (cell[1] !== null) set({ type: "limit", name: "cost" }, text(cell[1]));
    },
  };
})();
