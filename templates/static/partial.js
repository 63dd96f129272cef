// Swaps parts of a page in place of loading it whole, shows toasts, and listens for changes. Every page works without it.
// No words stand here: they come from the page.

const policy = window.trustedTypes
  ? window.trustedTypes.createPolicy("flusso", { createHTML: (text) => text })
  : { createHTML: (text) => text };
const words = document.body.dataset;
document.documentElement.classList.add("js");

/** The one place where text becomes elements. It only ever reads answers of our own server. */
function parse(text) {
  return new DOMParser().parseFromString(policy.createHTML(text), "text/html");
}

const FIELDS = "input:not([type=hidden], [type=file]), textarea, select";

const place = (field) => field.form?.getAttribute("action");

/** What a thing is called, to find it again in another state of its part: by its id, or by its name and what it stands for, in its form. */
function called(each) {
  if (each.id) return `#${each.id} ${place(each)}`;
  if (each.localName === "summary") return each.parentElement.id && `summary ${each.parentElement.id}`;
  if (!each.name && !each.form && !each.href) return "";
  const value = /^(checkbox|radio|submit)$/.test(each.type) && each.value;
  return [each.localName, each.name, each.type, place(each), each.getAttribute("href"), value].join(" ");
}
function twin(root, name) {
  return name ? [...root.querySelectorAll("[id], [name], [href], button, summary")].find((each) => called(each) === name) : undefined;
}

/** Whether somebody wrote, ticked or chose something in a field that the page did not have there. */
function touched(field) {
  if (field.localName !== "select") return field.value !== field.defaultValue || !!field.checked !== !!field.defaultChecked;
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
}

/** Puts the new state of `selector` in place of the old one; keeps where the focus is, what is open, and what was written, ticked or chosen
 * and not sent yet. `sent` is the form that was sent; nobody here wished for what is `live`, so that menus stay open too. */
function swap(selector, page, { live, sent } = {}) {
  const old = document.querySelector(selector);
  const fresh = page.querySelector(selector);
  if (!old || !fresh) return false;
  const focus = document.activeElement;
  const inside = old.contains(focus) && focus !== old ? focus : null;
  const typing = inside?.matches(FIELDS) ? inside : null;
  const opened = [...old.querySelectorAll("details[open][id]")].filter((each) => live || !each.matches(".menu"));
  const closed = [...old.querySelectorAll("details[id]:not([open])")].map((each) => live && each.id);
  const unsent = (field) => (live || (sent && place(field) !== sent.getAttribute("action"))) && touched(field);
  // A field knows its form no more once it is taken out.
  const written = [...old.querySelectorAll(FIELDS)].filter((field) => field === typing || unsent(field)).map((field) => [called(field), field]);
  const at = inside && called(inside);
  const bottom = old.scrollTop + old.clientHeight >= old.scrollHeight - 40;
  const next = document.adoptNode(fresh);
  old.replaceWith(next);
  for (const each of next.querySelectorAll("details[open][id]")) if (closed.includes(each.id)) each.removeAttribute("open");
  for (const each of opened) next.querySelector(`#${CSS.escape(each.id)}`)?.setAttribute("open", "");
  for (const [name, field] of written) {
    const again = twin(next, name);
    if (again) [again.value, again.checked] = [field.value, field.checked];
  }
  if (inside) {
    let target = twin(next, at) ?? next;
    const shut = [...next.querySelectorAll("details:not([open])")].find((each) => each.contains(target));
    target = shut?.querySelector("summary") ?? target;
    if (target === next) next.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (typing?.selectionStart != null && target.localName === typing.localName) target.setSelectionRange(typing.selectionStart, typing.selectionEnd);
  }
  if (bottom || typing) follow(next);
  if (!typing) centre(next);
  return true;
}

/** Keeps the newest line of a chat in sight. */
function follow(root) {
  const logs = [...root.querySelectorAll("[data-follow]")];
  if (root.matches?.("[data-follow]")) logs.push(root);
  for (const log of logs) log.scrollTop = log.scrollHeight;
}

/** Begins each drawing at the node whose form is open, or at its first. */
function centre(root) {
  for (const map of root.querySelectorAll(".map")) {
    const node = map.querySelector(".map-node.selected, .map-node.now") ?? map.querySelector(".map-node");
    if (!node) continue;
    const [box, frame] = [node.getBoundingClientRect(), map.getBoundingClientRect()];
    map.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    if (node.matches(".selected, .now")) map.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
  }
}

/** Says what was done, for eight seconds, the latest three; rests while the pointer or the focus is on it. */
function toast(tone, text) {
  const box = document.querySelector(".toasts");
  const line = document.createElement("div");
  line.className = `toast toast-${tone}`;
  line.append(text);
  let timer = 0;
  const start = () => (timer = setTimeout(() => line.remove(), 8000));
  line.addEventListener("pointerenter", () => clearTimeout(timer));
  line.addEventListener("pointerleave", start);
  box.append(line);
  while (box.children.length > 3) box.firstElementChild.remove();
  start();
}

/** Asks for a page and puts its part in place. Falls back to loading the page whole. What only looks again (`quiet`) looks once more where
 * something was asked for meanwhile, and only the last look counts: no older state comes after a newer one. */
let wishes = 0;
const looks = {};
async function load(selector, address, options = {}) {
  const wish = options.quiet ? wishes : (wishes += 1);
  const look = options.quiet && (looks[selector] = (looks[selector] ?? 0) + 1);
  let answer;
  try {
    answer = await fetch(address, { ...options, headers: { "X-Partial": selector }, credentials: "same-origin" });
  } catch {
    if (!options.soft) toast("bad", words.offline);
    return false;
  }
  const type = answer.headers.get("content-type") ?? "";
  const page = type.startsWith("text/html") ? parse(await answer.text()) : null;
  if (options.quiet && look !== looks[selector]) return false;
  if (options.quiet && wish !== wishes) return load(selector, address, options);
  if (!page || !swap(selector, page, { live: options.quiet, sent: options.sent })) {
    if (options.soft) return false;
    location.assign(answer.redirected || !options.method ? answer.url : location.href);
    return false;
  }
  if (answer.redirected || !options.method) {
    if (options.keep !== false && !options.soft && answer.url !== location.href && !options.quiet) history.pushState(null, "", answer.url);
  }
  const said = answer.headers.get("x-toast");
  if (said) {
    const cut = said.indexOf(":");
    toast(said.slice(0, cut), decodeURIComponent(said.slice(cut + 1)));
  }
  return answer.ok;
}

/** What is typed is asked about while it is typed; nothing is stored, and the page stays as it is where the answer fails. */
let asking = 0;
document.addEventListener("input", (event) => {
  const part = event.target.closest("[data-ask]");
  if (!part) return;
  clearTimeout(asking);
  asking = setTimeout(() => {
    const body = new URLSearchParams(new FormData(event.target.form));
    load(part.dataset.into, part.dataset.ask, { method: "POST", body, soft: true });
  }, 400);
});

/** The conversation beside the editor outlives an edit: it is played anew on what the draft says now. */
function keepTalk() {
  const script = document.querySelector("#try [name=script]");
  if (script) sessionStorage.setItem(`talk ${new URL(script.form.action).pathname}`, script.value);
}
async function playAgain() {
  const part = document.querySelector("#try[data-again]");
  const script = part && sessionStorage.getItem(`talk ${part.dataset.again}`);
  if (!script || !part.offsetParent) return;
  const csrf = part.querySelector("[name=csrf]").value;
  await load("#try", part.dataset.again, { method: "POST", body: new URLSearchParams({ csrf, script, act: "again" }), soft: true });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const selector = form.dataset.partial;
  if (!selector || event.defaultPrevented) return;
  event.preventDefault();
  const button = event.submitter;
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const data = new FormData(form, button);
  if (form.method === "get") {
    const url = new URL(address, location.href);
    url.search = new URLSearchParams(data).toString();
    load(selector, url);
    return;
  }
  const files = form.enctype === "multipart/form-data";
  const done = await load(selector, address, { method: "POST", body: files ? data : new URLSearchParams(data), sent: form });
  if (done) for (const field of form.querySelectorAll("[data-reset]")) (document.getElementById(field.id) ?? field).value = "";
  if (selector === "#try") keepTalk();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-partial]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    load(link.dataset.partial, link.href);
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const from = document.querySelector(copy.dataset.copy);
    try {
      await navigator.clipboard.writeText(from.value ?? from.textContent.trim());
      toast("good", words.copied);
    } catch {
      from.focus();
      from.select?.();
    }
  }
});

// A box that ticks all the others, and menus that close when another thing is meant.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (all) for (const box of document.querySelectorAll(all.dataset.all)) box.checked = all.checked;
  const send = event.target.closest("[data-submit]");
  if (send) send.form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector(".menu[open]");
    open?.removeAttribute("open");
    open?.querySelector("summary").focus();
  }
  const box = event.target;
  const undoes = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !box.closest?.("input, textarea, select");
  const step = undoes && document.querySelector(event.shiftKey ? "[data-redo]" : "[data-undo]");
  if (step) {
    event.preventDefault();
    step.click();
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && box.matches?.("textarea[data-enter]")) {
    event.preventDefault();
    const offered = box.value.startsWith("/") && document.querySelector(`${box.dataset.quick}[open] [data-shortcut]:not([hidden]) a`);
    if (offered) offered.click();
    else box.form.requestSubmit();
  }
});

// One stream for each page, closed while nobody looks; where it fails, the page asks every fifteen seconds.
let source = null;
let polling = 0;
function refresh() {
  for (const part of document.querySelectorAll("[data-live]")) {
    // A list or a calendar that is open would close: it is looked at again when they have chosen.
    const busy = part.querySelector("select:focus, [type^=date]:focus");
    if (busy) busy.addEventListener("blur", refresh, { once: true });
    else load(`#${part.id}`, location.href, { quiet: true });
  }
}
function listen() {
  const address = words.stream;
  if (!address || document.hidden || source) return;
  clearInterval(polling);
  source = new EventSource(address);
  source.addEventListener("change", refresh);
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    source = null;
    polling = setInterval(() => document.hidden || refresh(), 15000);
  });
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    source?.close();
    source = null;
    clearInterval(polling);
  } else {
    listen();
    if (words.stream) refresh();
  }
});
window.addEventListener("popstate", () => location.reload());
listen();
playAgain();
follow(document);
centre(document);
document.querySelector(".people [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// A slash at the beginning of a message opens the quick replies, and what follows it finds one.
document.addEventListener("input", (event) => {
  const list = event.target.dataset?.quick && document.querySelector(event.target.dataset.quick);
  if (!list) return;
  const wanted = event.target.value.startsWith("/") ? event.target.value.slice(1).trim().toLowerCase() : null;
  list.open = wanted !== null;
  for (const item of list.querySelectorAll("[data-shortcut]")) item.hidden = !!wanted && !item.dataset.shortcut.startsWith(wanted);
});

export { parse };
