/* The controls as one value, and that value as the address: nothing here computes a decision. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const no = () => window.dash_clientside.no_update;
  const SCENARIO = ["data", "model", "margin", "cost", "value", "topn", "policy", "name"];
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

  const BOXES = ["margin-box", "cost-box", "contacts-box", "worth-box"];

  /* What a control asks for, null where it was not moved. Compared with what was shown, not taken from what
     triggered: while the server answers, Dash holds this back and merges what moved meanwhile, and every one
     of those changes counts. Where slider and box were both moved, the one touched last. */
  const last = {};
  function asked(shown, name, slider, box, high) {
    const written = box !== shown[name + "Box"] ? number(box, 0, high) : null;
    const dragged = slider !== shown[name] ? number(slider, 0, high) : null;
    return last[name] === "slider" ? (dragged ?? written) : (written ?? dragged);
  }

  /* topn is left out while the best number is used. */
  function scenarioFrom(before, v, shown, best, did) {
    const next = Object.assign({}, before);
    const margin = asked(shown, "margin", v.margin, v.marginBox, 100);
    if (margin !== null) next.margin = text(margin / 100);
    const cost = asked(shown, "cost", v.cost, v.costBox, 1e6);
    if (cost !== null) next.cost = text(cost);
    const worth = asked(shown, "worth", undefined, v.worthBox, 1e6); // a box alone
    if (worth !== null) next.value = text(worth);
    const contacts = asked(shown, "contacts", v.contacts, v.contactsBox, v.top);
    if (contacts !== null) {
      const whole = Math.round(contacts);
      if (whole === best) delete next.topn;
      else {
        next.topn = String(whole);
        next.policy = "bestN";
      }
    }
    if (did("use-best")) delete next.topn;
    if (did("picked-cell") && v.pick) {
      next.margin = text(v.pick[0]);
      if (v.pick[1] !== null) next.cost = text(v.pick[1]);
    }
    return next;
  }

  /* A box in which someone is writing a number that has not been taken in yet is theirs. */
  function written(id, now) {
    const at = document.activeElement;
    return at && at.id === id && (at.value === "" || Number(at.value) !== now);
  }

  document.addEventListener("input", (event) => {
    if (BOXES.includes(event.target.id)) last[event.target.id.replace("-box", "")] = "box";
  });
  ["pointerdown", "keydown"].forEach((kind) =>
    document.addEventListener(
      kind,
      (event) => {
        const slider = event.target.closest && event.target.closest(".slide [id$='-slider']");
        if (slider) last[slider.id.replace("-slider", "")] = "slider";
      },
      true,
    ),
  );

  ns.controls = {
    /* Inputs: the two of each control, the worth of a response, the picked cell, the button, news of another best number.
       States: best, scenario, what the controls showed after the last call, slider ends. */
    move: function (margin, marginBox, cost, costBox, contacts, contactsBox, worthBox, pick, clicks, news, best, before, shown, costTop, top) {
      const triggered = window.dash_clientside.callback_context.triggered.map((t) => t.prop_id.split(".")[0]);
      const v = { margin, marginBox, cost, costBox, contacts, contactsBox, worthBox, pick, top: top ?? Infinity };
      const next = scenarioFrom(before || {}, v, shown, best, (id) => triggered.includes(id));
      const m = Number((Number(next.margin) * 100).toPrecision(10));
      const c = Number(next.cost);
      const w = Number(next.value ?? 1);
      const n = next.topn === undefined ? best : Number(next.topn);
      const now = {
        margin: m,
        marginBox: written("margin-box", marginBox) ? marginBox : m,
        cost: Math.min(c, costTop),
        costBox: written("cost-box", costBox) ? costBox : c,
        contacts: n,
        contactsBox: written("contacts-box", contactsBox) ? contactsBox : n,
        worthBox: written("worth-box", worthBox) ? worthBox : w,
      };
      const out = (name) => (v[name] === now[name] ? no() : now[name]);
      return [same(next, before || {}) ? no() : next, now, ...Object.keys(now).map(out)];
    },
    /* Another best number from the server. By set_props, because as a callback's output it would close a circle. */
    follow: function (best) {
      if (best !== null && best !== undefined) window.dash_clientside.set_props("best-news", { data: best });
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
    /* How the page's map is looked at: a choice of this page alone, in its address and carried nowhere. */
    looked_at: function (view, across) {
      const here = new URL(window.location);
      Object.entries({ view, across }).forEach(([k, v]) => (v ? here.searchParams.set(k, v) : here.searchParams.delete(k)));
      window.history.replaceState(window.history.state, "", here);
    },
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
      /* The second scenario of a comparison comes back with the first that is changed elsewhere. */
      const beside = [...here].filter(([k]) => k.startsWith("b_"));
      const carried = (path) => {
        const kept = KEYS.filter((k) => scenario[k] !== undefined && scenario[k] !== null && !theirs(path, k));
        const second = path.split("?")[0] === "/compare" ? beside : [];
        return "?" + new URLSearchParams([...kept.map((k) => [k, scenario[k]]), ...second]).toString();
      };
      const tail = (path) => (scenario.data || scenario.model ? carried(path) : "");
      return [outputs.map((o) => o.id.path.split("?")[0] + tail(o.id.path))];
    },
  };
})();
