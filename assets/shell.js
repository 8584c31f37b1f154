/* The frame: theme, copy link, sheets on a narrow screen, current step, names of slider thumbs, PNG, tips. */

(function () {
  const root = document.documentElement;

  function announce(words) {
    const region = document.getElementById("announce");
    if (!region) return;
    region.textContent = "";
    window.setTimeout(() => (region.textContent = words), 50);
  }

  /* ---- theme: the system's until the reader chooses ---- */
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("persuadable-theme");
    } catch (e) {
      return null;
    }
  };
  const show = (dark) => root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  system.addEventListener("change", (event) => kept() || show(event.matches));
  function switchTheme() {
    const dark = root.getAttribute("data-bs-theme") !== "dark";
    show(dark);
    try {
      localStorage.setItem("persuadable-theme", dark ? "dark" : "light");
    } catch (e) {
      /* not remembered, still switched */
    }
    announce(dark ? "Dark theme" : "Light theme");
  }

  /* ---- copy link ---- */
  async function copy(button) {
    const link = window.location.href;
    let done = true;
    try {
      await navigator.clipboard.writeText(link);
    } catch (e) {
      const field = document.createElement("textarea");
      field.value = link;
      field.setAttribute("readonly", "");
      field.style.position = "fixed";
      field.style.opacity = "0";
      document.body.appendChild(field);
      field.select();
      done = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    announce(done ? "Link copied" : "The link could not be copied; copy the address instead");
    const words = button.querySelector(".word");
    if (words && done) {
      words.textContent = "Copied";
      window.setTimeout(() => (words.textContent = "Copy link"), 1600);
    }
  }

  /* ---- sheets: the rail and the controls on a narrow screen ---- */
  const sheetButton = (name) => document.querySelector('[data-opens="' + name + '"]');
  function openSheet(name) {
    closeSheet(false);
    document.body.setAttribute("data-sheet", name);
    const button = sheetButton(name);
    if (button) button.setAttribute("aria-expanded", "true");
    const sheet = document.querySelector("." + name);
    const first = sheet && sheet.querySelector("a, button, input, [role=slider]");
    if (first) window.setTimeout(() => first.focus({ preventScroll: true }), 60);
  }
  function closeSheet(refocus) {
    const name = document.body.getAttribute("data-sheet");
    if (!name) return;
    document.body.removeAttribute("data-sheet");
    const button = sheetButton(name);
    if (button) {
      button.setAttribute("aria-expanded", "false");
      if (refocus) button.focus();
    }
  }

  /* Tab stays within an open sheet: what lies behind it is covered. */
  const CAN = "a[href], button, input, select, summary, [tabindex]";
  function within(event) {
    const name = document.body.getAttribute("data-sheet");
    const narrow = getComputedStyle(document.getElementById("scrim")).display !== "none";
    const sheet = name && narrow && document.querySelector("." + name);
    if (!sheet) return;
    const seen = (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true });
    const stops = Array.from(sheet.querySelectorAll(CAN)).filter(seen);
    const end = event.shiftKey ? stops[0] : stops.at(-1);
    if (!stops.length || (sheet.contains(document.activeElement) && document.activeElement !== end)) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest && event.target.closest(selector);
    if (at("#theme-switch")) switchTheme();
    const link = at("#copy-link");
    if (link) copy(link);
    const glossary = document.getElementById("glossary");
    if (at("#open-glossary")) glossary.showModal();
    else if (at(".close-dialog") || event.target === glossary) glossary.close();
    const opener = at("[data-opens]");
    if (opener) {
      const name = opener.getAttribute("data-opens");
      if (document.body.getAttribute("data-sheet") === name) closeSheet(true);
      else openSheet(name);
    } else if (at("#scrim")) closeSheet(true);
    else if (at(".rail a")) closeSheet(false);
    if (at(".skip")) {
      event.preventDefault();
      document.getElementById("content").focus();
    }
    const jobs = document.querySelector(".jobs-button details[open]");
    if (jobs && !at(".jobs-button")) jobs.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") within(event);
    if (event.key !== "Escape") return;
    closeSheet(true);
    document.querySelectorAll(".jobs-button details[open]").forEach((open) => {
      open.open = false;
      open.querySelector("summary").focus();
    });
    const tip = document.activeElement && document.activeElement.closest(".term");
    if (tip) tip.classList.add("closed");
  });
  ["focusout", "mouseover"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      const tip = event.target.closest && event.target.closest(".term.closed");
      if (tip) tip.classList.remove("closed");
    }),
  );

  /* ---- a tip that would stand out of the window on the right moves in ---- */
  const EDGE = 8; // pixels kept free
  ["mouseover", "focusin"].forEach((kind) =>
    document.addEventListener(kind, (event) => {
      const term = event.target.closest && event.target.closest(".term");
      const tip = term && term.querySelector(".tip");
      if (!tip) return;
      tip.style.left = "";
      const out = tip.getBoundingClientRect().right - (root.clientWidth - EDGE);
      if (out > 0) tip.style.left = -out + "px";
    }),
  );

  /* ---- jobs are heard as they are seen: each new step, and the end ---- */
  const heard = {};
  function sayJobs() {
    document.querySelectorAll("#content [data-job]").forEach((card) => {
      const group = card.querySelector("[role=group]");
      const title = card.querySelector(".fw-semibold");
      const step = group ? group.querySelector(".line span") : null;
      const now = step ? step.textContent : card.dataset.state;
      const before = heard[card.dataset.job];
      if (now === before) return;
      heard[card.dataset.job] = now;
      // What had ended before this page was opened is not news.
      if (step || before !== undefined) announce((title ? title.textContent : "Job") + ": " + now);
    });
  }

  /* ---- what the components cannot say themselves ---- */
  const steps = () => Array.from(document.querySelectorAll("a.step"));
  function markCurrent() {
    steps().forEach((step) => {
      const here = step.pathname === window.location.pathname;
      if (here && step.getAttribute("aria-current") !== "page") step.setAttribute("aria-current", "page");
      if (!here && step.hasAttribute("aria-current")) step.removeAttribute("aria-current");
    });
  }
  function nameSliders() {
    document.querySelectorAll("[data-names-slider]").forEach((holder) => {
      const name = holder.getAttribute("data-names-slider");
      holder.querySelectorAll("[role=slider]").forEach((thumb) => {
        if (thumb.getAttribute("aria-label") !== name) thumb.setAttribute("aria-label", name);
      });
    });
  }
  function nameDropdowns() {
    document.querySelectorAll("[data-names-dropdown]").forEach((holder) => {
      const button = holder.querySelector("button.dash-dropdown");
      const label = document.getElementById(holder.getAttribute("data-names-dropdown"));
      if (button && label && button.getAttribute("aria-label") !== label.textContent) {
        button.removeAttribute("aria-labelledby");
        button.setAttribute("aria-label", label.textContent);
        button.setAttribute("tabindex", "0");
      }
    });
  }
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(() => {
      waiting = false;
      markCurrent();
      nameSliders();
      nameDropdowns();
      sayJobs();
    });
  }).observe(document.body, { childList: true, characterData: true, subtree: true });

  const ns = (window.dash_clientside = window.dash_clientside || {});
  ns.shell = {
    /* A chart as PNG, on white, twice the size: ready for a slide. */
    png: function (clicks) {
      const ctx = window.dash_clientside.callback_context;
      const no = (ctx.outputs_list || []).map(() => window.dash_clientside.no_update);
      if (!clicks || !clicks.some(Boolean) || !ctx.triggered_id) return no;
      const holder = document.getElementById(ctx.triggered_id.chart);
      const plot = holder && holder.querySelector(".js-plotly-plot");
      if (!plot || !window.Plotly) return no;
      const figure = {
        data: plot.data,
        layout: Object.assign({}, plot.layout, { paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff" }),
      };
      window.Plotly.toImage(figure, {
        format: "png",
        width: plot.offsetWidth,
        height: plot.offsetHeight,
        scale: 2,
      }).then((address) => {
        const link = document.createElement("a");
        link.href = address;
        link.download = ctx.triggered_id.chart + ".png";
        link.click();
        announce("Chart saved as PNG");
      });
      return no;
    },
    clearFault: function () {
      return "";
    },
    /* A job has ended: say so; the example and customer values, while someone waits for them here, lead on to
       their result. By set_props, because an output left as it is lets the Location push the address it was born with
       over the one that the controls have written since. */
    finished: function (job) {
      if (!job) return;
      const words = { done: "done", failed: "failed", cancelled: "cancelled", stopped: "stopped" };
      announce(job.title + ": " + (words[job.state] || job.state));
      const card = '[data-job="' + job.id + '"]';
      const waits = document.querySelector('[data-kind="example"]' + card + ', .page [data-kind="clv"]' + card);
      if (waits && job.state === "done" && job.href) window.dash_clientside.set_props("go", { href: job.href });
    },
  };

  ns.data = {
    /* All problems of the last upload as CSV, made here: they hold values of the file, so they stay here. */
    problemsAsCsv: function (clicks, answer) {
      const no = window.dash_clientside.no_update;
      if (!clicks || !answer || !answer.problems) return no;
      const columns = ["row", "column", "value", "message", "fix"];
      const cell = (value) => {
        let text = value === null || value === undefined ? "" : String(value);
        if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
        return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      };
      const lines = [columns, ...answer.problems.map((p) => columns.map((c) => p[c]))];
      const csv = lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff" + csv], { type: "text/csv" }));
      link.download = "problems.csv";
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      return no;
    },
  };

  ns.start = {
    /* The campaigns this browser has looked at, newest first; links to them on the start page. */
    recent: function (scenario, context, known) {
      const no = window.dash_clientside.no_update;
      const list = Array.isArray(known) ? known : [];
      const named = document.querySelector("#context .name");
      let now = list;
      if (scenario && scenario.data && scenario.model && named) {
        const entry = { data: scenario.data, model: scenario.model, name: named.textContent };
        now = [entry, ...list.filter((e) => e.data !== entry.data || e.model !== entry.model)].slice(0, 5);
      }
      const place = document.getElementById("recent-list");
      if (place) {
        place.replaceChildren();
        if (now.length) {
          const head = document.createElement("h2");
          head.textContent = "Go on where you were";
          const items = document.createElement("ul");
          now.forEach((entry) => {
            const link = document.createElement("a");
            link.href = "/profit?" + new URLSearchParams({ data: entry.data, model: entry.model });
            link.textContent = entry.name;
            const item = document.createElement("li");
            item.appendChild(link);
            items.appendChild(item);
          });
          place.append(head, items);
        }
      }
      return JSON.stringify(now) === JSON.stringify(list) ? no : now;
    },
  };
})();
