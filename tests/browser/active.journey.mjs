// Active automations: the list with its filters and views, many at once, the agenda, the numbers, and one story.

import assert from 'node:assert/strict';
import { everywhere, says, until } from './house.mjs';
import { inspect } from './kit.mjs';

/// One invented person inside the welcome.
const welcomed = (flusso) => says(flusso, 'giulia', 'ciao');

/// Chooses a verb below the list, through the question, to its end.
async function many(page, verb) {
  await page.click(`.bulk button[value="${verb}"]`);
  await page.waitForURL(/\/runs\/changes\?/);
  await inspect(page);
  await page.click('main form .button-primary');
  await page.waitForURL(/\/runs\/changes\/\d+/);
}

everywhere('many are held after a question and taken back', async (page, { url }, keep) => {
  await page.goto(`${url}/runs`);
  await inspect(page);
  await keep('active-list');
  await page.check('input[name=all]');
  await many(page, 'hold');
  const job = page.url();
  const held = async () => {
    await page.goto(`${url}/runs?state=held`);
    return page.locator('#runs tbody tr').count();
  };
  await until(held, (count) => count === 1);
  await page.goto(job);
  await inspect(page);
  await keep('active-job');
  await page.click('#job form button');
  await page.waitForLoadState();
  await until(held, (count) => count === 0);
  await inspect(page);
  await page.locator('details:has(#view-name) > summary').click();
  await page.fill('#view-name', 'Sospese');
  await page.locator('form:has(#view-name) button').click();
  await page.waitForSelector('nav.chips a:has-text("Sospese")');
  await inspect(page);
}, { furnish: welcomed });

everywhere('the agenda, the numbers and a story say why', async (page, { url }, keep) => {
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
}, { furnish: welcomed });
