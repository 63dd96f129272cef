// Who is inside an automation: their run, what was done and what will come, and a handle on every action.

import assert from 'node:assert/strict';
import { api, everywhere, says, until as comes, walk } from './house.mjs';
import { inspect, journey } from './kit.mjs';

/// Three people wait in the follow-up of a quote.
async function three(flusso) {
  await api(flusso, 'POST', '/flows?enable=true', {
    flusso: 1,
    name: 'Promemoria',
    nodes: [
      { id: 'k1', kind: 'keyword', phrases: [{ text: 'promemoria', match: 'exact' }], exits: { next: 'm1' } },
      { id: 'm1', kind: 'message', text: 'Va bene, ci sentiamo.', exits: { next: 'w1' } },
      { id: 'w1', kind: 'wait', for: '1d', exits: { elapsed: 'm2' } },
      { id: 'm2', kind: 'message', text: 'Ti ricordo il preventivo.', exits: { next: 'w2' } },
      { id: 'w2', kind: 'wait', for: '2d', exits: { elapsed: 'm3' } },
      { id: 'm3', kind: 'message', text: 'Ultimo promemoria.' },
    ],
  });
  for (const name of ['giulia', 'marco', 'paola']) await says(flusso, name, 'promemoria');
}

/// The next action of the one run of the page, as the API tells it.
async function next(flusso, run) {
  const { actions } = await api(flusso, 'GET', `/runs/${run}`);
  return actions.find(({ source }) => source === 'pending');
}

/// Presses what `press` presses, and waits until the next action is as `holds` says.
async function until(page, flusso, run, press, holds) {
  await press();
  await page.waitForLoadState();
  const end = Date.now() + 30_000;
  for (;;) {
    const action = await next(flusso, run);
    if (holds(action)) return action;
    assert.ok(Date.now() < end, `it stays ${JSON.stringify(action)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

everywhere('an action is moved, rewritten, held, skipped, sent and each is undone', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/runs?text=giulia`);
  await page.click('.rows .name');
  await page.waitForSelector('.timeline');
  await inspect(page);
  await keep('run');
  const run = new URL(page.url()).pathname.split('/').pop();
  const first = await next(flusso, run);
  const act = page.locator('.timeline .next').first();
  const undo = () => act.locator('form[action$="/changes?method=delete"] button').click();
  const undone = () => page.waitForFunction(() => !document.querySelector('.timeline form[action$="/changes?method=delete"]'));
  const settled = () => page.waitForFunction(() => !document.querySelector('.timeline details[open]'));

  await act.locator('.menu summary').first().click();
  await inspect(page);
  await keep('run-move');
  await until(page, flusso, run, () => act.locator('button[value=hour]').click(), ({ due }) => Date.parse(due) - Date.parse(first.due) === 3_600_000);
  await settled();
  await inspect(page);
  await keep('run-moved');
  await until(page, flusso, run, undo, ({ due }) => due === first.due);
  await undone();

  await act.locator('.menu summary').first().click();
  const day = new Date(Date.parse(first.due) + 3 * 86_400_000).toISOString().slice(0, 10);
  await act.locator('input[name=due]').fill(`${day}T09:30`);
  await until(page, flusso, run, () => act.locator('button[value=due]').click(), ({ due }) => due.startsWith(day));
  await until(page, flusso, run, undo, ({ due }) => due === first.due);
  await undone();

  await act.locator('.menu summary').nth(1).click();
  await keep('run-menu');
  await act.locator('textarea[name=text]').fill('Ciao, solo per te.');
  await until(page, flusso, run, () => act.locator('form:has(textarea) button').click(), ({ text }) => text === 'Ciao, solo per te.');
  await page.waitForSelector('.entry-text:text-is("Ciao, solo per te.")');
  await until(page, flusso, run, undo, ({ text }) => text === first.text);
  await undone();

  await act.locator('.menu summary').nth(1).click();
  await until(page, flusso, run, () => act.locator('form[action$="/hold"] button').click(), ({ state }) => state === 'held');
  await page.waitForSelector('.timeline form[action$="/hold?method=delete"]', { state: 'attached' });
  await inspect(page);
  await act.locator('.menu summary').nth(1).click();
  await until(page, flusso, run, () => act.locator('form[action$="/hold?method=delete"] button').click(), ({ state }) => state === 'scheduled');
  await page.waitForSelector('.timeline .next form[action$="/hold"]', { state: 'attached' });

  await until(page, flusso, run, () => act.locator('form[action$="/skips"] button').click(), (action) => action?.node === 'm3' || action?.state === 'skipped');
  await inspect(page);
  await keep('run-skipped');
  await page.reload();
  const left = (await next(flusso, run)).node;
  await until(page, flusso, run, () => act.locator('form[action$="/run"] button').click(), (action) => action?.node !== left);
  await page.reload();
  await inspect(page);
  assert.equal((await api(flusso, 'GET', '/runs?text=marco')).items[0].node, 'w1', 'nobody else moved');
}, { furnish: three, also: [{ shape: 'dark' }, { shape: 'desk', language: 'en' }] });

// What others do meanwhile is drawn at once, and takes nothing from who is at the page: scripts draw it, so they alone are asked.
for (const shape of ['desk', 'phone']) {
  journey(`what is open, ticked or being written outlives what others do, ${shape}`, walk(shape, async (page, flusso) => {
    await page.goto(`${flusso.url}/runs`);
    const row = page.locator('.rows tr:has-text("giulia")');
    await row.locator('input[name=run]').check();
    await says(flusso, 'teresa', 'promemoria');
    await page.waitForSelector('.rows tr:has-text("teresa")');
    assert.ok(await row.locator('input[name=run]').isChecked(), 'the box stays ticked');
    await row.locator('.menu summary').click();
    await says(flusso, 'ugo', 'promemoria');
    await page.waitForSelector('.rows tr:has-text("ugo")');
    assert.ok(await row.locator('.menu button[value=hour]').isVisible(), 'the menu stays open');

    await page.goto(`${flusso.url}/runs?text=giulia`);
    await page.click('.rows .name');
    await page.waitForSelector('.timeline');
    const run = new URL(page.url()).pathname.split('/').pop();
    const set = (value) => api(flusso, 'PATCH', `/runs/${run}`, { variables: { ordine: value } });
    const next = page.locator('.timeline .next').first();
    await next.locator('.menu summary').nth(1).click();
    const text = next.locator('textarea[name=text]');
    await text.fill('Solo per te, ');
    await set('77');
    await page.waitForSelector('dl.facts dd:has-text("77")');
    await page.keyboard.type('Giulia');
    assert.equal(await text.inputValue(), 'Solo per te, Giulia', 'the words, the focus and the place in them stay');
    assert.ok(await text.isVisible(), 'in the menu that is open');
    await page.keyboard.press('Escape');
    await page.locator('#run-value summary').click();
    await page.fill('#value-name', 'sconto');
    await page.locator('.timeline .why summary').first().click();
    await set('78');
    await page.waitForSelector('dl.facts dd:has-text("78")');
    assert.equal(await page.inputValue('#value-name'), 'sconto', 'what is written elsewhere and not sent stays too');
    assert.ok(await page.locator('.timeline .why p').first().isVisible());
    await page.fill('#value-text', '10');
    await page.locator('#run-value button').click();
    await page.waitForSelector('dl.facts dd:has-text("10")');
    assert.equal(await page.inputValue('#value-name'), '', 'what was sent is not kept');

    // A list that is open is not drawn away under the pointer.
    await page.locator('#run-menu > summary').click();
    await page.focus('#jump');
    await set('79');
    await page.waitForTimeout(800);
    assert.equal(await page.locator('dl.facts dd:has-text("79")').count(), 0);
    await page.locator('#jump').blur();
    await page.waitForSelector('dl.facts dd:has-text("79")');
    await inspect(page);
  }, { furnish: three }));
}

everywhere('a run is held, resumed and stopped, and several are stopped at once', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/runs`);
  await inspect(page);
  await keep('runs');
  await page.click('.rows .name');
  await page.click('form[action$="/hold"] .button >> nth=0');
  await page.waitForSelector('form[action$="/hold?method=delete"]');
  await inspect(page);
  await keep('run-held');
  await page.click('form[action$="/hold?method=delete"] .button-primary');
  await page.waitForSelector('form[action$="/hold"]');
  await page.goto(`${page.url().replace(/[?#].*/, '')}/stop`);
  await inspect(page);
  await keep('run-stop');
  await page.click('.button-bad');
  await page.waitForSelector('.timeline');
  assert.equal(await page.locator('form[action*="/actions/"]').count(), 0);
  await inspect(page);
  await keep('run-stopped');
  await page.goto(`${flusso.url}/runs`);
  for (const box of await page.locator('input[name=run]').all()) await box.check();
  await inspect(page);
  await keep('runs-several');
  await page.click('.bulk button[value=stop]');
  await page.waitForURL(/changes/);
  await inspect(page);
  await keep('runs-stop');
  assert.match(await page.textContent('main'), /2/);
  await page.click('main form .button-primary');
  await page.waitForURL(/\/runs\/changes\/\d+/);
  await comes(async () => (await api(flusso, 'GET', '/runs')).items.length, (count) => count === 0);
  await inspect(page);
  await keep('runs-stopped');
  await page.goto(`${flusso.url}/runs`);
  await page.waitForSelector('.empty');
  await inspect(page);
  await keep('runs-empty');
  const { items } = await api(flusso, 'GET', '/runs?state=any');
  assert.deepEqual(items.map(({ state }) => state), ['stopped', 'stopped', 'stopped']);
}, { furnish: three, also: [{ shape: 'dark' }, { shape: 'desk', language: 'en' }] });

// From the first page on, counting every tap; a word that is typed between two of them is none.
for (const shape of ['phone', 'plain-phone']) {
  journey(`a flow is paused, an action skipped and a contact answered in four taps each, ${shape}`, walk(shape, async (page, flusso, keep) => {
    const inFour = async (what, ...steps) => {
      await page.goto(`${flusso.url}/`);
      assert.ok(steps.filter((step) => typeof step === 'string').length <= 4, `${what} takes more than four taps`);
      for (const step of steps) {
        if (typeof step === 'string') await page.locator(step).first().tap();
        else await step();
        await page.waitForLoadState();
      }
      // What the last tap set off may still lead on to another page.
      await page.waitForTimeout(800);
      await page.waitForLoadState();
    };
    await inFour('skipping', '.bottom a[href="/runs"]', '.rows tr:has-text("giulia") .name', '.timeline .next form[action$="/skips"] button');
    await comes(async () => (await api(flusso, 'GET', '/runs?text=giulia')).items[0].node, (node) => node === 'w2');
    await inspect(page);
    await inFour('skipping from the list', '.bottom a[href="/runs"]', '.rows tr:has-text("marco") .menu summary', '.rows tr:has-text("marco") form[action$="/skips"] button');
    await comes(async () => (await api(flusso, 'GET', '/runs?text=marco')).items[0].node, (node) => node === 'w2');
    await inFour('answering', '.bottom a[href="/contacts"]', '.rows tr:has-text("paola") .name', '.compose textarea', () => page.fill('.compose textarea', 'Ci penso io.'), '.compose button');
    const said = async () => (await api(flusso, 'GET', '/messages?direction=out')).items.map(({ text }) => text);
    await comes(said, (texts) => texts.includes('Ci penso io.'));
    await keep('four-taps-answered');
    await inFour('pausing', '.bottom a[href="/flows"]', '.rows tr:has-text("Promemoria") .menu summary', '.rows tr:has-text("Promemoria") form[action$="/pause"] button');
    const state = async () => (await api(flusso, 'GET', '/flows')).items.find(({ name }) => name === 'Promemoria').state;
    await comes(state, (word) => word === 'disabled');
    await inspect(page);
  }, { furnish: three }));
}
