// Keeps a form of the editor while it is typed into, so that leaving it, however, loses nothing. Without it the button keeps it.

const { parse } = await import(document.querySelector("script[src$='/partial.js']").src);
const form = document.querySelector("form[data-keep]");
const IDLE_MS = 800;

/** What the form says, without what every form carries. */
function written() {
  const own = [...new FormData(form)].filter(([name]) => name !== "csrf" && name !== "revision");
  return new URLSearchParams(own).toString();
}

let kept = form && written();
let timer = 0;
let busy = 0;
let queue = Promise.resolve(true);

function tell(text) {
  form.querySelector("[data-kept]").textContent = text;
}

function post() {
  const body = new URLSearchParams(new FormData(form));
  return fetch(form.action, { method: "POST", body, headers: { "X-Partial": "#node-form" }, credentials: "same-origin", keepalive: true });
}

/** Sends what was typed since the last time. Gives whether everything is kept now. */
async function send() {
  const now = written();
  if (now === kept) return true;
  const answer = await post().catch(() => null);
  const type = answer?.headers.get("content-type") ?? "";
  const page = type.startsWith("text/html") ? parse(await answer.text()) : null;
  const revision = page?.querySelector("[name=revision]");
  if (!answer?.ok || !revision) {
    tell(page?.querySelector(".fault[role=alert]")?.textContent.trim() ?? document.body.dataset.offline);
    return false;
  }
  kept = now;
  for (const each of document.querySelectorAll("[name=revision]")) each.value = revision.value;
  const seen = page.querySelector(".preview");
  if (seen) document.querySelector(".preview")?.replaceChildren(...seen.childNodes);
  tell(form.dataset.keep);
  return true;
}

/** One after another: each carries the revision that the one before it made. */
function keep() {
  clearTimeout(timer);
  busy += 1;
  queue = queue.then(send, send).finally(() => (busy -= 1));
  return queue;
}

/** Whether something would be lost, or is on its way. */
const isOpen = () => busy > 0 || written() !== kept;

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, IDLE_MS);
  });
  form.addEventListener("change", keep);
  // Whatever else is pressed or followed waits until the form is kept; where it cannot be, the form is sent and says why.
  document.addEventListener("submit", async (event) => {
    if (event.target === form && busy === 0) {
      clearTimeout(timer);
      kept = written();
    }
    if (event.target === form ? busy === 0 : !isOpen()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    const done = await keep();
    if (event.target === form || done) event.target.requestSubmit(button);
    else form.requestSubmit();
  }, true);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.target || !isOpen()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await keep()) location.assign(link.href);
    else form.requestSubmit();
  }, true);
  window.addEventListener("pagehide", () => {
    if (written() !== kept) post();
  });
}
