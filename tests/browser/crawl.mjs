// Finds every page there is by following the links of the pages.

/// What is handed over as a file is no page.
const FILES = /\/(export|file|bytes)$|^\/(assets|files|events|exports)\b/;

/// A path with its ids and values left out: pages that differ only by them are of one kind. The node whose form is open keeps its letter.
export function kind(path) {
  return path.replaceAll(/\/\d+(?=[/?]|$)/g, '/N').replace(/^\/blueprints\/[\w-]+/, '/blueprints/N').replaceAll(/=([^&]*)/g, (all, value) => (/^[a-z]\d$/.test(value) ? `=${value[0]}` : '=N'));
}

/// Opens the pages that links lead to, beginning at `from`, at most `most` of each kind; `visit(kind, path, status)` looks at each.
export async function crawl(page, url, visit, { from = ['/flows'], most = 1 } = {}) {
  const [waiting, known, counts] = [[...from], new Set(from), new Map()];
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    const own = kind(path);
    const count = counts.get(own) ?? 0;
    if (count >= most) continue;
    counts.set(own, count + 1);
    const answer = await page.goto(url + path);
    const links = await page.$$eval('a[href], form[method=get]', (all) =>
      all.map((each) => new URL(each.getAttribute('href') ?? each.getAttribute('action') ?? '', location.href).href));
    for (const link of links) {
      const address = new URL(link);
      const next = address.pathname + address.search;
      if (address.origin === url && !known.has(next) && !FILES.test(address.pathname)) {
        known.add(next);
        waiting.push(next);
      }
    }
    await visit(own, path, answer.status());
  }
  return counts;
}
