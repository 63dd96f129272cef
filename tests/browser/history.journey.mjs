// The versions of an automation: seen, compared, brought back; and what saving means for each person inside.

import assert from 'node:assert/strict';
import { everywhere } from './house.mjs';
import { inspect } from './kit.mjs';

async function flow(page, url, name) {
  await page.goto(`${url}/flows`);
  const href = await page.locator(`a.name:text-is("${name}")`).getAttribute('href');
  return href.replace('/edit', '');
}

/// Writes another text into the first message and keeps it in the draft.
async function edit(page, url, own, text) {
  await page.goto(`${url}${own}/edit`);
  await page.click('.step.kind-message .step-head >> nth=0');
  await page.waitForSelector('#node-form');
  const name = await page.locator('#node-form textarea[name^="text"] >> nth=0').getAttribute('name');
  await page.fill(`#node-form [name="${name}"]`, text);
  await page.click('#node-form .button-primary');
  await page.waitForSelector('#flash .banner');
}

everywhere('versions are seen, compared and brought back', async (page, { url }, keep) => {
  const own = await flow(page, url, 'Listino');
  await page.goto(`${url}${own}/history`);
  await inspect(page);
  await edit(page, url, own, 'Prima nuova versione.');
  const saved = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().endsWith('/versions'));
  await page.click('form[action$="/versions"] button');
  await saved;
  await page.waitForLoadState();
  await page.waitForSelector('#flash .banner');
  await edit(page, url, own, 'Una bozza non salvata.');
  await page.goto(`${url}${own}/history`);
  await inspect(page);
  await keep('history');
  assert.equal(await page.locator('section[id^="v"]').count(), 2);
  await page.selectOption('#compare-from', '1');
  await page.selectOption('#compare-to', 'draft');
  await page.click('form[action$="/compare"] button');
  await page.waitForURL(/compare\?/);
  await page.click('.fold summary >> nth=0');
  assert.ok(await page.locator('.diff ins').count() >= 1 && await page.locator('.diff del').count() >= 1);
  await inspect(page);
  await keep('compare');
  await page.goto(`${url}${own}/history/1`);
  await inspect(page);
  await keep('version');
  await page.click('button[value="save"]');
  await page.waitForURL(/save$/);
  await inspect(page);
  await page.click('form[action$="/versions"] .button-primary');
  await page.waitForURL(/edit/);
  await page.goto(`${url}${own}/history`);
  assert.equal(await page.locator('section[id^="v"]').count(), 3, 'bringing back makes a version more');
});

everywhere('whoever stands at a node goes where was chosen for it', async (page, { url }, keep) => {
  const own = await flow(page, url, 'Listino');
  await page.goto(`${url}/simulator`);
  await page.fill('.compose textarea', 'listino');
  await page.click('.compose button');
  await page.waitForFunction(() => document.querySelectorAll('.bubble').length >= 2);
  await edit(page, url, own, 'Un altro testo.');
  await page.goto(`${url}${own}/edit`);
  await page.click('.step.kind-wait .menu summary >> nth=0');
  await page.click('.step.kind-wait form[action$="method=delete"] button >> nth=0');
  await page.waitForSelector('#flash .banner');
  await page.click('form[action$="/versions"] button');
  await page.waitForURL(/save$/);
  await page.waitForSelector('select[name^="move."]');
  await inspect(page);
  await keep('save-inside');
  await page.selectOption('select[name^="move."]', 'stop');
  await page.click('form[action$="/versions"] .button-primary');
  await page.waitForURL(/edit|enable/);
  await page.goto(`${url}/runs`);
  assert.equal(await page.locator('tbody a[href^="/runs/"]').count(), 0, 'they stopped');
});
