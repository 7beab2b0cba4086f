// Keeps the state of a check under way up to date on the page of a proposal.

const EVERY = 3000;

async function refresh() {
  const shown = document.getElementById("check");
  if (shown?.dataset.running !== "yes") return;
  const answer = await fetch(`${location.pathname}/check`, {
    headers: { "X-Repere-Automatic": "yes" },
  }).catch(() => null);
  if (answer?.ok) {
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = part.getElementById("check");
    if (fresh?.dataset.running === "no") return location.reload();
    if (fresh) shown.replaceWith(fresh);
  }
  setTimeout(refresh, EVERY);
}

refresh();
