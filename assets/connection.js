/* When the server does not answer: that is said, what was asked is kept, and asked again once it answers. */

(function () {
  const KEPT = ["/_dash-update-component", "/api/contacts/rows"];
  const AWAY = [502, 503, 504]; // what stands before a server says of one that is not there
  const BETWEEN = 2000; // milliseconds from one look for the server to the next
  const SPOILT = 2; // times that an answer may break off while the server is there
  const real = window.fetch.bind(window);
  const latest = new Map(); // what an answer is for -> its last question
  let looking = null;
  let wake = () => {};
  window.addEventListener("online", () => wake());

  const pause = () => new Promise((go) => (wake = go) && window.setTimeout(go, BETWEEN));
  async function there() {
    try {
      return (await real("/health", { cache: "no-store" })).ok;
    } catch (error) {
      return false;
    }
  }

  function tell(gone) {
    const place = document.getElementById("away");
    if (!place) return;
    place.replaceChildren();
    if (!gone) {
      const region = document.getElementById("announce");
      if (region) region.textContent = place.dataset.back;
      return;
    }
    const picture = document.createElement("i");
    picture.className = "bi bi-cloud-slash-fill";
    picture.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    words.textContent = place.dataset.words;
    place.append(picture, words);
  }

  async function look() {
    if (await there()) return false;
    tell(true);
    do await pause();
    while (!(await there()));
    tell(false);
    return true;
  }
  /* Resolves once the server answers, with whether it was away; one look for all that wait. */
  const back = () => (looking = looking || look().finally(() => (looking = null)));

  /* Asked again meanwhile, as the jobs are every second: the last question is enough. Dash takes 204 for no change. */
  const NO_CHANGE = 204;
  const asksFor = (body) => JSON.parse(body).output;

  async function patient(call) {
    const output = asksFor(call[1].body);
    if (output) latest.set(output, call);
    for (let tries = 0; ; tries++) {
      if (looking && (await looking) && output && latest.get(output) !== call) break;
      let failure = null;
      try {
        const answer = await real(...call);
        if (!AWAY.includes(answer.status) || tries > SPOILT) return answer;
      } catch (error) {
        failure = error;
      }
      if (failure && failure.name === "AbortError") throw failure;
      if (await back()) tries = 0;
      else if (failure && tries > SPOILT) throw failure;
      if (output && latest.get(output) !== call) break;
    }
    return new Response(null, { status: NO_CHANGE });
  }

  window.fetch = function (...call) {
    const path = typeof call[0] === "string" ? new URL(call[0], window.location).pathname : "";
    const kept = KEPT.some((one) => path.endsWith(one)) && call[1] && typeof call[1].body === "string";
    return kept ? patient(call) : real(...call);
  };
})();
