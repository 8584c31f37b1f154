/* The rows of the contact list, block by block from the server: every request has an answer of its own. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});
  let query = {};

  function say(words) {
    const place = document.getElementById("contacts-found");
    if (place && place.textContent !== words) place.textContent = words;
  }

  const source = {
    getRows: async function (params) {
      const { startRow, endRow, sortModel, filterModel } = params;
      const asked = query;
      try {
        // In the body: a filter may hold a customer's name, and an address is written into logs.
        const answer = await fetch("/api/contacts/rows", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ query: asked, request: { startRow, endRow, sortModel, filterModel } }),
        });
        const told = await answer.json();
        if (!answer.ok) throw new Error(told.detail || "");
        if (asked !== query) return params.failCallback();
        params.successCallback(told.rows, told.count);
        say(told.said);
      } catch (error) {
        params.failCallback();
        if (asked === query) say("The list could not be fetched. " + error.message);
      }
    },
  };

  /* The sorting stands in the address of this page; filters do not, for they may hold a customer's name. */
  function sorted(grid) {
    const columns = grid.getColumnState().filter((one) => one.sort);
    columns.sort((a, b) => a.sortIndex - b.sortIndex);
    const here = new URL(window.location);
    if (columns.length) here.searchParams.set("sort", JSON.stringify(columns.map((one) => [one.colId, one.sort])));
    else here.searchParams.delete("sort");
    window.history.replaceState(window.history.state, "", here);
  }

  ns.contacts = {
    /* The table forgets its rows and asks for those of the scenario. */
    fill: function (scenario) {
      query = scenario || {};
      window.dash_ag_grid.getApiAsync("contacts-grid").then(function (grid) {
        if (grid.getGridOption("datasource") === source) {
          grid.purgeInfiniteCache();
          return;
        }
        // The table sets a source of its own once it is ready, which may be after this.
        const ours = () => grid.getGridOption("datasource") === source || grid.setGridOption("datasource", source);
        grid.addEventListener("modelUpdated", ours);
        grid.addEventListener("sortChanged", () => sorted(grid));
        ours();
      });
      return window.dash_clientside.no_update;
    },
  };
})();
