/* The two scenarios of the Compare page as its address, without a history entry. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});

  ns.compare = {
    write: function (query) {
      if (query && window.location.pathname === "/compare") {
        const wanted = "/compare?" + new URLSearchParams(query).toString();
        window.history.replaceState(window.history.state, "", wanted);
      }
      return window.dash_clientside.no_update;
    },
  };
})();
