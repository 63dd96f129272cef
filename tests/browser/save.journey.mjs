// Saving a flow: what is wrong with it, by node, and what becomes of the people who are inside.

import assert from 'node:assert/strict';
import { api, everywhere, says, until } from './house.mjs';
import { inspect } from './kit.mjs';

const NAMES = { move: 'Spostati', finish: 'Finiscono', stop: 'Fermati' };

const waiting = (name, word) => ({
  flusso: 1,
  name,
  nodes: [
    { id: 'k1', kind: 'keyword', phrases: [{ text: word, match: 'exact' }], exits: { next: 'm1' } },
    { id: 'm1', kind: 'message', text: 'Ciao, ti scrivo domani.', exits: { next: 'w1' } },
    { id: 'w1', kind: 'wait', for: '1d', exits: { elapsed: 'm2' } },
    { id: 'm2', kind: 'message', text: 'Eccomi, come promesso.', exits: { next: 'w2' } },
    { id: 'w2', kind: 'wait', for: '2d', exits: { elapsed: 'm3' } },
    { id: 'm3', kind: 'message', text: 'Qualche domanda?' },
  ],
});

/// Three automations, and two people waiting in each at a node that will be deleted.
async function people(flusso) {
  for (const [way, name] of Object.entries(NAMES)) {
    await api(flusso, 'POST', '/flows?enable=true', waiting(name, `attesa ${name}`));
    for (const person of ['bruno', 'carla']) await says(flusso, `${person}-${way}`, `attesa ${name}`);
  }
}

everywhere('a save says what is wrong, at the node where it is wrong', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/flows/new`);
  await page.fill('#name', 'Con errori');
  await page.click('main section:first-of-type form button');
  await page.waitForURL(/edit/);
  await page.click('.palette button[value="message"] >> nth=-1');
  await page.fill('#node-form [name="text"]', '');
  await page.click('#node-form .button-primary');
  await page.waitForSelector('#flash .banner');
  await page.click('form[action$="/versions"] button');
  await page.waitForSelector('#flash .tone-bad');
  assert.ok(await page.locator('#problems .tone-bad').count() > 0);
  await inspect(page);
  await keep('save-problems');
  const link = page.locator('#problems a.strong').first();
  const node = new URL(await link.getAttribute('href'), page.url()).searchParams.get('node');
  await link.click();
  await page.waitForSelector(`#node-${node} #node-form`);
  assert.ok(await page.locator(`#node-${node} .fault`).count() > 0, 'the fault stands at its node too');
  await inspect(page);
  const flow = (await api(flusso, 'GET', '/flows')).items.find(({ name }) => name === 'Con errori');
  assert.ok(!flow || flow.version === 0, 'nothing was saved');
}, { also: [{ shape: 'desk', language: 'en' }, { shape: 'dark' }] });

everywhere('a save with people inside moves them, lets them finish, or stops them', async (page, flusso, keep) => {
  const flows = (await api(flusso, 'GET', '/flows')).items;
  for (const [way, name] of Object.entries(NAMES)) {
    const { id } = flows.find((flow) => flow.name === name);
    const runs = async (state = '') => (await api(flusso, 'GET', `/runs?flow=${id}${state}`)).items;
    await until(() => runs(), (list) => list.length === 2);
    await page.goto(`${flusso.url}/flows/${id}/edit`);
    await page.click('#node-w1 .menu:not(.menu-wide) > summary');
    await page.click('#node-w1 form[action$="?method=delete"] button');
    await page.waitForSelector('#node-w1', { state: 'detached' });
    await page.click('form[action$="/versions"] button');
    await page.waitForURL(/save$/);
    assert.match(await page.textContent('main'), /2/, 'who is inside is said');
    await inspect(page);
    if (way === 'move') {
      await keep('save-people');
      await page.selectOption('#move-w1', 'to:w2');
    } else {
      await page.check(`input[name=running][value=${way}]`);
    }
    await page.click('main form .button-primary');
    await page.waitForSelector('#flash .tone-good');
    const stand = (await runs()).map((run) => [run.node, run.version]);
    const wanted = { move: [['w2', 2], ['w2', 2]], finish: [['w1', 1], ['w1', 1]], stop: [] };
    assert.deepEqual(stand, wanted[way], way);
    assert.equal((await runs('&state=any')).length, 2, way);
  }
}, { furnish: people, also: [{ shape: 'desk', language: 'en' }] });
