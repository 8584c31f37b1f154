/* The two scenarios of the Compare page as its address, without a history entry, and as the address of its table. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});

  ns.compare = {
    write: function (query) {
      if (!query) return window.dash_clientside.no_update;
      const asked = new URLSearchParams(query).toString();
      if (window.location.pathname === "/compare") {
        window.history.replaceState(window.history.state, "", "/compare?" + asked);
      }
      return "/api/compare.csv?" + asked;
    },
  };
})();
