// Every page there is, found by following links, in each look and language: no fault on any, and a picture of each to look at.

import assert from 'node:assert/strict';
import { crawl } from './crawl.mjs';
import { api, walk } from './house.mjs';
import { forgive, inspect, journey, sideways } from './kit.mjs';
import { BOOKING, busy } from './shop.mjs';

/// What no link leads to, and the one automation that has a node of every kind.
async function beginnings(flusso) {
  const { id } = (await api(flusso, 'GET', '/flows')).items.find(({ name }) => name === BOOKING.name);
  return [`/flows/${id}/edit`, '/flows', '/nowhere', '/runs?state=any', '/contacts?q=nobody'];
}

/// Windows between a phone and the widest screen, at and beside the bounds where a page is laid out otherwise.
const WIDTHS = [480, 560, 640, 799, 800, 1023, 1024, 1199, 1200, 1440, 1920];
const LOOKS = [['desk', 'it'], ['phone', 'it'], ['desk', 'en'], ['dark', 'en'], ['dark-phone', 'en']];

for (const [shape, language] of LOOKS) {
  journey(`every page there is, ${shape} ${language}`, walk(shape, async (page, flusso, keep) => {
    const counts = await crawl(page, flusso.url, async (kind, path, status) => {
      assert.equal(status, path === '/nowhere' ? 404 : 200, path);
      if (path === '/nowhere') forgive(page);
      await inspect(page);
      if (shape === 'desk') assert.deepEqual(await sideways(page, WIDTHS), [], path);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      await keep(`page${kind.replaceAll(/[/?&=]+/g, '-')}`);
    }, { from: await beginnings(flusso) });
    assert.ok(counts.size > 50, `only ${[...counts.keys()].join(' ')}`);
  }, { furnish: busy, language, tag: `-${language}` }), { long: true });
}
