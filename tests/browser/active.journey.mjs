// Active automations: the list with its filters and views, many at once, the agenda, the numbers, and one story.

import assert from 'node:assert/strict';
import { api, everywhere, says, until } from './house.mjs';
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

/// The one run of somebody, as the API tells it.
const of = async (flusso, name) => (await api(flusso, 'GET', `/runs?text=${name}`)).items[0];

everywhere('the list is filtered, the agenda moves an action, a run jumps and begins again, a contact is paused, and the log knows', async (page, flusso, keep) => {
  const { url } = flusso;
  await page.goto(`${url}/runs`);
  const folded = page.locator('.filters-label');
  if (await folded.isVisible()) await folded.click();
  await page.fill('#text', 'giulia');
  await page.press('#text', 'Enter');
  await page.waitForURL(/text=giulia/);
  assert.equal(await page.locator('#runs tbody tr').count(), 1);
  await inspect(page);
  const first = await of(flusso, 'giulia');

  // The menu of a phone covers the page, and the hour may be tomorrow's: the day is that of the action.
  await page.goto(`${url}/agenda?day=${new Date(Date.parse(first.due)).toLocaleDateString('sv', { timeZone: 'Europe/Rome' })}&text=giulia`);
  await inspect(page);
  await page.locator('tbody .menu summary').first().click();
  await inspect(page);
  await keep('agenda-menu');
  await page.locator('tbody .menu button[value=hour]').first().click();
  await until(() => of(flusso, 'giulia'), ({ due }) => Date.parse(due) - Date.parse(first.due) === 3_600_000);
  await page.waitForURL(/agenda/);

  await page.goto(`${url}/runs/${first.id}`);
  await page.locator('#run-menu > summary').click();
  await inspect(page);
  await keep('run-verbs');
  const node = await page.locator('#jump option').last().getAttribute('value');
  await page.selectOption('#jump', node);
  await page.locator('form[action$="/jumps"] button').click();
  await until(async () => (await api(flusso, 'GET', `/runs/${first.id}`)).actions.some(({ source, result }) => source === 'done' && result === 'jumped'));
  await page.goto(`${url}/runs`);
  await says(flusso, 'marco', 'ciao');
  const second = await until(() => of(flusso, 'marco'));
  await page.goto(`${url}/runs/${second.id}`);
  await page.locator('#run-menu > summary').click();
  await page.locator('form[action$="/restart"] button').click();
  await until(async () => (await of(flusso, 'marco'))?.id, (id) => id && id !== second.id);

  await page.goto(`${url}/contacts/${second.contact}`);
  const automations = async () => (await api(flusso, 'GET', `/contacts/${second.contact}`)).automations_until;
  await page.locator('#pause-form > summary').click();
  await page.fill('#pause-until', '2099-01-01T09:00');
  await inspect(page);
  await page.locator('#pause-form button').click();
  await until(automations);
  await page.waitForURL(/contacts/);
  await page.locator('button[name=automations][value=on]').click();
  await until(automations, (at) => at === null);

  await page.goto(`${url}/settings/log?contact=${second.contact}`);
  await inspect(page);
  await keep('log');
  assert.match(await page.textContent('#log'), /Anna/);
}, { furnish: welcomed });
