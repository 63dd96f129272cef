// What leaves one house and comes into another: exported in one click, looked at, decided, done.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { forgive, inspect, journey, shot, start } from './kit.mjs';
import { PASSWORD, walk } from './house.mjs';

const button = (page, words) => page.click(`main button:has-text("${words}")`);

for (const shape of ['desk', 'plain-phone']) {
  journey(`what one house exports another takes in after showing it, ${shape}`, async (given) => {
    // Everything in one file, from Settings.
    let set;
    await walk(shape, async (page, flusso) => {
      await page.goto(`${flusso.url}/settings/backup`);
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('main a[href="/exports"]')]);
      set = readFileSync(await download.path(), 'utf8');
    })(given);
    const names = JSON.parse(set).flows.map((flow) => flow.name);
    assert.ok(names.length > 0, set.slice(0, 200));

    const other = await start();
    const page = await given.open(shape);
    const keep = (name) => (shape.startsWith('plain') ? null : shot(page, `${name}-${shape}`));
    try {
      await page.goto(await other.setup());
      await page.fill('#name', 'Anna');
      await page.fill('#password', PASSWORD);
      const tried = page.locator('input[name=try]');
      if (await tried.count()) await tried.first().uncheck();
      await page.click('main form button');
      await page.waitForLoadState();
      await page.goto(`${other.url}/flows`);
      await page.click('main a[href="/imports"]');
      await inspect(page);
      await keep('import');

      // A broken one is refused in a sentence, at its node.
      const broken = JSON.stringify({ flusso: 1, name: 'x', nodes: [{ id: 'w1', kind: 'wait', for: 'presto' }] });
      await page.setInputFiles('#file', { name: 'rotto.json', mimeType: 'application/json', buffer: Buffer.from(broken) });
      await button(page, 'Guarda cosa');
      await page.waitForSelector('text=Nodo w1');
      forgive(page);
      await inspect(page);
      await keep('import-broken');

      const choose = async (text) => {
        await page.setInputFiles('#file', { name: 'flusso.json', mimeType: 'application/json', buffer: Buffer.from(text) });
        await button(page, 'Guarda cosa');
        await page.waitForURL(/imports\/[0-9a-f]+$/);
      };
      await choose(set);
      await inspect(page);
      await keep('import-inside');
      assert.equal(await page.locator('main .badge:has-text("Nuovo")').count(), names.length);
      await button(page, 'Importa');
      await page.waitForSelector('h1:has-text("Importato")');
      await inspect(page);
      await keep('import-done');
      assert.equal(await page.locator('main li a[href$="/edit"]').count(), names.length);

      // The same again collides with nothing; a changed one asks, and keeps mine unless told otherwise.
      const changed = JSON.parse(set);
      const [name] = names;
      changed.flows[0].category = changed.flows[0].category === 'service' ? 'utility' : 'service';
      await page.goto(`${other.url}/imports`);
      await choose(JSON.stringify(changed));
      await inspect(page);
      await keep('import-collides');
      assert.ok(await page.locator('input[value="skip"]').isChecked());
      await page.check('input[value="both"]');
      await button(page, 'Importa');
      await page.waitForSelector(`a:has-text("${name} (2)")`);
      await inspect(page);
      await keep('import-both');
      await page.click(`a:has-text("${name} (2)")`);
      await page.waitForURL(/edit/);
      await other.stop();
    } finally {
      await other.remove();
    }
  });
}
