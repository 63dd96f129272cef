// Active automations: the list with its filters and views, many at once, the agenda, the numbers, and one story.

import assert from 'node:assert/strict';
import { inspect, journey, shot, start } from './kit.mjs';

const PASSWORD = 'una frase abbastanza lunga';

/// Starts Flusso with one invented person inside the welcome, and takes it away at the end.
function walk(shape, use) {
  return async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape);
      await page.goto(await flusso.setup());
      await page.fill('#name', 'Anna');
      await page.fill('#password', PASSWORD);
      await page.click('main form button');
      await page.waitForLoadState();
      await page.goto(`${flusso.url}/simulator`);
      await page.fill('.compose textarea', 'ciao');
      await page.click('.compose button');
      await page.waitForSelector('.bubble-choices button');
      await use(page, flusso.url, (name) => shot(page, `${name}-${shape}`));
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  };
}

/// Chooses a verb below the list, through the question, to its end.
async function many(page, verb) {
  await page.click(`.bulk button[value="${verb}"]`);
  await page.waitForURL(/\/runs\/changes\?/);
  await inspect(page);
  await page.click('main form .button-primary');
  await page.waitForURL(/\/runs\/changes\/\d+/);
}

for (const shape of ['desk', 'phone', 'plain']) {
  journey(`many are held after a question and taken back, ${shape}`, walk(shape, async (page, url, keep) => {
    await page.goto(`${url}/runs`);
    await inspect(page);
    await keep('active-list');
    await page.check('input[name=all]');
    await many(page, 'hold');
    await page.waitForTimeout(500);
    await page.reload();
    await inspect(page);
    await keep('active-job');
    await page.goto(`${url}/runs?state=held`);
    assert.equal(await page.locator('#runs tbody tr').count(), 1);
    await page.goBack();
    await page.click('#job form button');
    await page.waitForTimeout(500);
    await page.goto(`${url}/runs?state=held`);
    await inspect(page);
    assert.equal(await page.locator('#runs tbody tr').count(), 0);
    await page.locator('details:has(#view-name) > summary').click();
    await page.fill('#view-name', 'Sospese');
    await page.locator('form:has(#view-name) button').click();
    await page.waitForSelector('nav.chips a:has-text("Sospese")');
    await inspect(page);
  }));

  journey(`the agenda, the numbers and a story say why, ${shape}`, walk(shape, async (page, url, keep) => {
    await page.goto(`${url}/agenda`);
    await inspect(page);
    await keep('agenda');
    await page.goto(`${url}/runs`);
    await page.locator('#runs tbody th a.name').first().click();
    await page.waitForSelector('.timeline');
    await inspect(page);
    await page.locator('.timeline .why summary').first().click();
    await page.locator('details:has(#value-name) > summary').click();
    await page.fill('#value-name', 'ordine');
    await page.fill('#value-text', '77');
    await page.locator('form:has(#value-name) button').click();
    await page.waitForSelector('dl.facts dd:has-text("77")');
    await inspect(page);
    await keep('story');
    await page.goto(`${url}/flows/1/numbers`);
    await inspect(page);
    await keep('numbers');
    await page.goto(`${url}/flows/1/numbers?window=now`);
    await inspect(page);
  }));
}
