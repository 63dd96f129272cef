// From an empty file to an answered message in the simulator.

import assert from 'node:assert/strict';
import { PASSWORD } from './house.mjs';
import { ALL, forgive, inspect, journey, shot, start } from './kit.mjs';

const CLICKS = 12;
const FIELDS = 3;

/// A page whose clicks and filled fields are counted; going into a field that has not the focus is a click too.
function counted(page) {
  const counts = { clicks: 0, fields: 0 };
  return {
    counts,
    async click(target) {
      counts.clicks += 1;
      await page.click(target);
    },
    async fill(target, text) {
      counts.fields += 1;
      if (!(await page.locator(target).evaluate((field) => field === document.activeElement))) counts.clicks += 1;
      await page.fill(target, text);
    },
  };
}

for (const [shape, locale] of [...ALL.map((shape) => [shape, 'it-IT']), ['dark', 'en-GB']]) {
  journey(`an empty file answers a message within ${CLICKS} clicks and ${FIELDS} fields, ${shape} ${locale}`, async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape, { locale });
      const keep = (name) => shot(page, `${name}-${shape}${locale === 'it-IT' ? '' : '-en'}`);
      const { counts, click, fill } = counted(page);
      await page.goto(await flusso.setup());
      await inspect(page);
      await keep('setup');
      await fill('#name', 'Anna');
      await fill('#password', PASSWORD);
      await click('main form button');
      await page.waitForURL(/\/first$/);
      await click('main a[href="/simulator"]');
      await page.waitForURL(/simulator/);
      await inspect(page);
      await keep('simulator-empty');
      await fill('.compose textarea', locale === 'it-IT' ? 'listino' : 'price list');
      await click('.compose button');
      await page.waitForFunction(() => document.querySelectorAll('.bubble').length >= 2);
      assert.ok(counts.clicks <= CLICKS && counts.fields <= FIELDS, JSON.stringify(counts));
      await inspect(page);
      await keep('first-answer');
      assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2));
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  });
}

journey('a form sent twice, a link used twice and a wrong password are told in words', async ({ open }) => {
  const flusso = await start();
  try {
    const page = await open('plain-phone');
    const link = await flusso.setup();
    await page.goto(link);
    await page.fill('#name', 'Anna');
    await page.fill('#password', PASSWORD);
    await page.click('main form button');
    await page.waitForURL(/\/first$/);
    const other = await open('plain');
    await other.goto(link);
    forgive(other);
    await inspect(other);
    await shot(other, 'setup-used-plain');
    await other.goto(`${flusso.url}/login`);
    await inspect(other);
    await shot(other, 'login-plain');
    await other.fill('#name', 'Anna');
    await other.fill('#password', 'una frase sbagliata');
    await other.click('main form button');
    await other.waitForSelector('.banner');
    forgive(other);
    await inspect(other);
    await shot(other, 'login-wrong-plain');
    await flusso.stop();
  } finally {
    await flusso.remove();
  }
});
