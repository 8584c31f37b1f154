/* Paper: charts as wide as the sheet, the day and the address on it; afterwards all as before. */

(function () {
  const SHEET = 660; // px: A4 between its margins, a little less than Letter
  const TALLEST = 290; // px: so that decision, chart and assumptions stand on one sheet

  const fill = () => {
    const now = new Date();
    const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0"));
    const words = { day: day.join("-"), link: window.location.href };
    document.querySelectorAll("[data-paper]").forEach((place) => {
      const wanted = words[place.getAttribute("data-paper")];
      if (place.textContent !== wanted) place.textContent = wanted;
    });
  };
  const plots = () => Array.from(document.querySelectorAll(".js-plotly-plot")).filter((plot) => plot.layout);
  const before = new Map();

  function toPaper() {
    fill();
    if (before.size || !window.Plotly) return;
    plots().forEach((plot) => {
      before.set(plot, plot.offsetWidth);
      window.Plotly.relayout(plot, { width: SHEET, height: Math.min(plot.offsetHeight, TALLEST) });
    });
  }
  function toScreen() {
    before.forEach((_, plot) => {
      if (plot.isConnected) window.Plotly.relayout(plot, { width: null, height: null, autosize: true });
    });
    before.clear();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("[data-prints]")) window.print();
  });
  new MutationObserver(fill).observe(document.body, { childList: true, subtree: true });
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", toScreen);
  window.matchMedia("print").addEventListener("change", (event) => (event.matches ? toPaper() : toScreen()));
})();
