/* The design of a test as the address: no history entry, and what belongs to other parts of the page stays. */

(function () {
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const KEYS = ["kind", "base", "deviation", "effect", "holdout", "power", "customers"];

  ns.design = {
    write: function (plan) {
      if (!plan) return;
      const here = new URLSearchParams(window.location.search);
      KEYS.forEach((k) => (plan[k] === undefined ? here.delete(k) : here.set(k, plan[k])));
      window.history.replaceState(window.history.state, "", window.location.pathname + "?" + here.toString());
    },
  };
})();
