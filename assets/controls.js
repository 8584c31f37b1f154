/* The controls as one value, and that value as the address: nothing here computes a decision. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const no = () => window.dash_clientside.no_update;
  const SCENARIO = ["data", "model", "margin", "cost", "value", "topn", "policy"];
  const CONDITIONS = [
    "budget", "capacity", "quotas", "roi_floor", "max_per_customer", "max_per_period", "min_days_since_contact",
    "holdout", "holdout_seed", "risk_aversion", "costs", "margins", "weight",
  ];
  const KEYS = [...SCENARIO, ...CONDITIONS];
  /* The design of a test has a hold-out of its own. */
  const theirs = (path, key) => path.split("?")[0] === "/design" && key === "holdout";

  const number = (raw, low, high) => {
    if (raw === null || raw === undefined || raw === "") return null;
    const n = Number(raw);
    return Number.isFinite(n) ? Math.min(Math.max(n, low), high) : null;
  };
  const text = (n) => String(Number(n.toPrecision(10)));
  const same = (a, b) => KEYS.every((k) => (a[k] ?? null) === (b[k] ?? null));

  /* Whatever moved last is what counts; the others follow. topn is left out while the best number is used. */
  function scenarioFrom(moved, v, before, best) {
    const next = Object.assign({}, before);
    if (moved === "margin-slider" || moved === "margin-box") {
      const m = number(moved === "margin-box" ? v.marginBox : v.margin, 0, 100);
      if (m !== null) next.margin = text(m / 100);
    }
    if (moved === "cost-slider" || moved === "cost-box") {
      const c = number(moved === "cost-box" ? v.costBox : v.cost, 0, 1e6);
      if (c !== null) next.cost = text(c);
    }
    if (moved === "contacts-slider" || moved === "contacts-box") {
      const n = number(moved === "contacts-box" ? v.contactsBox : v.contacts, 0, v.top);
      if (n !== null) {
        const whole = Math.round(n);
        if (whole === best) delete next.topn;
        else {
          next.topn = String(whole);
          next.policy = "bestN";
        }
      }
    }
    if (moved === "use-best") delete next.topn;
    if (moved === "picked-cell" && v.pick) {
      next.margin = text(v.pick[0]);
      next.cost = text(v.pick[1]);
    }
    return next;
  }

  ns.controls = {
    /* Inputs: the two of each control, the picked cell, the button. States: best, scenario, slider ends. */
    move: function (margin, marginBox, cost, costBox, contacts, contactsBox, pick, clicks, best, before, costTop, top) {
      const ctx = window.dash_clientside.callback_context;
      const triggered = ctx.triggered.map((t) => t.prop_id.split(".")[0]);
      const moved = triggered[0] || "";
      const v = { margin, marginBox, cost, costBox, contacts, contactsBox, pick, top: top ?? Infinity };
      const next = scenarioFrom(moved, v, before || {}, best);
      const m = Number((Number(next.margin) * 100).toPrecision(10));
      const c = Number(next.cost);
      const n = next.topn === undefined ? best : Number(next.topn);
      const out = (now, wanted) => (now === wanted ? no() : wanted);
      return [
        same(next, before || {}) ? no() : next,
        out(margin, m),
        moved === "margin-box" ? no() : out(marginBox, m),
        out(cost, Math.min(c, costTop)),
        moved === "cost-box" ? no() : out(costBox, c),
        out(contacts, n),
        moved === "contacts-box" ? no() : out(contactsBox, n),
      ];
    },
    /* Another best number from the server: the slider goes there while it is the best that is wanted.
       By set_props, because as a callback's output it would close a circle. */
    follow: function (best, scenario) {
      if (best === null || best === undefined || !scenario || scenario.topn !== undefined) return;
      const at = document.activeElement;
      if (at && at.id === "contacts-box") return; // someone is writing a number of their own
      window.dash_clientside.set_props("contacts-slider", { value: best });
      window.dash_clientside.set_props("contacts-box", { value: best });
    },
    /* dcc.Graph leaves out the customdata of a cell, so it is read from the plot itself. */
    pick: function (click) {
      const point = click && click.points && click.points[0];
      const plot = document.querySelector("#sensitivity-chart .js-plotly-plot");
      const rows = point && plot && plot.data[point.curveNumber].customdata;
      const cell = rows && rows[point.y] && rows[point.y][point.x];
      return cell ? [cell[0], cell[1]] : no();
    },
  };

  ns.address = {
    /* The address without a history entry, and every carrying link with the same query. */
    write: function (scenario) {
      const outputs = window.dash_clientside.callback_context.outputs_list[0] || [];
      if (!scenario) return [outputs.map(() => no())];
      const here = new URLSearchParams(window.location.search);
      KEYS.filter((k) => !theirs(window.location.pathname, k)).forEach((k) =>
        scenario[k] === undefined || scenario[k] === null ? here.delete(k) : here.set(k, scenario[k]),
      );
      const bare = !scenario.data && !scenario.model && !window.location.search;
      const query = here.toString();
      if (!bare) {
        const wanted = window.location.pathname + (query ? "?" + query : "") + window.location.hash;
        const now = window.location.pathname + window.location.search + window.location.hash;
        if (wanted !== now) window.history.replaceState(window.history.state, "", wanted);
      }
      const carried = (path) => {
        const kept = KEYS.filter((k) => scenario[k] !== undefined && scenario[k] !== null && !theirs(path, k));
        return "?" + new URLSearchParams(kept.map((k) => [k, scenario[k]])).toString();
      };
      const tail = (path) => (scenario.data || scenario.model ? carried(path) : "");
      return [outputs.map((o) => o.id.path.split("?")[0] + tail(o.id.path))];
    },
  };
})();
