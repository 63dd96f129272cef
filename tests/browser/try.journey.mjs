// The simulator beside the editor, the conversations kept as tests, the words of a keyword while they are typed, and a phrase tested.

import assert from 'node:assert/strict';
import { everywhere, walk } from './house.mjs';
import { inspect, journey } from './kit.mjs';

/// The address of an automation of the list.
async function flow(page, url, name) {
  await page.goto(`${url}/flows`);
  const href = await page.locator(`a.name:text-is("${name}")`).getAttribute('href');
  return href.replace('/edit', '');
}

/// Does something that changes the conversation, and waits until it shows.
async function step(page, scripted, act) {
  const before = await page.locator('#try-act [name=script]').inputValue();
  await act();
  if (!scripted) await page.waitForLoadState();
  await page.waitForFunction((old) => document.querySelector('#try-act [name=script]')?.value !== old, before);
}

const verb = (page, name) => page.click(`.try-verbs button[value="${name}"]`);

everywhere('a draft is rehearsed, kept as a test, and the test goes red', async (page, { url }, keep, shape) => {
  const scripted = !shape.startsWith('plain');
  const own = await flow(page, url, 'Listino');
  await page.goto(`${url}${own}/try`);
  await inspect(page);
  await keep('try-empty');
  assert.equal(await page.locator('.bubble').count(), 0);

  // Something nobody takes, then what starts it.
  await step(page, scripted, async () => {
    await page.fill('#try-text', 'buongiorno');
    await page.click('.try-compose button');
  });
  assert.equal(await page.locator('#try-text').inputValue(), '', 'what was sent no longer stands in the field');
  await step(page, scripted, async () => {
    await page.fill('#try-text', 'listino');
    await page.press('#try-text', 'Enter');
  });
  assert.ok(await page.locator('.bubble-in').count() >= 1, 'it answers');
  await step(page, scripted, () => verb(page, 'next'));
  assert.ok(await page.locator('.try-log li').count() >= 2, 'every step is told');
  await inspect(page);
  await keep('try-talk');

  // Nothing of it is stored or sent.
  await page.goto(`${url}/runs`);
  assert.equal(await page.locator('tbody a[href^="/runs/"]').count(), 0, 'no run began');
  await page.goto(`${url}${own}/try`);
  if (scripted) await page.waitForFunction(() => document.querySelectorAll('.bubble').length > 1);
  else await page.click(`button[value="start"] >> nth=0`);

  // Kept as a test, renamed, and played again.
  await page.fill('#try-name', 'Chi chiede i prezzi');
  await page.click('form[action$="/talks"] button');
  await page.waitForURL(/try$/);
  await page.waitForSelector('#tests .badge-good');
  await inspect(page);
  await page.click('#tests .menu summary');
  await page.fill('#test-name-0', 'I prezzi');
  await page.click('#tests .menu form[action$="/talks/0"] .button-wide');
  await page.waitForSelector('#tests b:text-is("I prezzi")');
  await page.click('#tests a[href*="talk=0"]');
  await page.waitForURL(/talk=0/);
  assert.ok(await page.locator('.bubble').count() >= 2, 'the test is played');

  // The draft says something else: the test is red, and a save asks for a word.
  await page.goto(`${url}${own}/edit`);
  await page.click('.step.kind-message .step-head >> nth=0');
  await page.waitForSelector('#node-form');
  for (const text of await page.locator('#node-form textarea[name^="text"]:visible').all()) await text.fill('Ecco tutto quello che vendiamo.');
  await page.click('#node-form .button-primary');
  await page.waitForSelector('#flash .banner');
  await page.click('form[action$="/versions"] button');
  await page.waitForURL(/save$/);
  await page.waitForSelector('#red');
  await inspect(page);
  await keep('save-red');
  await page.check('[name=red]');
  await page.click('form[action$="/versions"] .button-primary');
  await page.waitForURL(/edit|enable/);

  // What it does now is right; then the test is no longer wanted.
  await page.goto(`${url}${own}/try`);
  await page.waitForSelector('#tests .badge-warn');
  await keep('test-red');
  await inspect(page);
  await page.click('#tests .menu summary');
  await page.click('#tests button[name=accept]');
  await page.waitForSelector('#tests .badge-good');
  await page.click('#tests .menu summary');
  await page.click('#tests form[action$="method=delete"] button');
  await page.waitForFunction(() => !document.querySelector('#tests .menu'));
}, { also: [{ shape: 'dark', language: 'en' }] });

journey('the conversation stands beside the editor and follows its edits', walk('desk', async (page, { url }, keep) => {
  const own = await flow(page, url, 'Listino');
  await page.goto(`${url}${own}/edit`);
  await inspect(page);
  assert.ok(await page.locator('.beside #try').isVisible(), 'beside, where there is room');
  await step(page, true, () => page.click('.beside button[value="start"] >> nth=0'));
  assert.ok(page.url().endsWith('/edit'), 'the page stays');
  await keep('editor-beside');
  await page.click('.step.kind-message .step-head >> nth=0');
  await page.waitForSelector('#node-form');
  await page.waitForFunction(() => document.querySelectorAll('.beside .bubble').length > 0);
  const text = await page.locator('#node-form textarea[name^="text"] >> nth=0').getAttribute('name');
  await page.fill(`#node-form [name="${text}"]`, 'Parole nuove.');
  await page.click('#node-form .button-primary');
  await page.waitForFunction(() => [...document.querySelectorAll('.beside .bubble p')].some((p) => p.textContent === 'Parole nuove.'));
  await inspect(page);
}));

everywhere('words that another automation has are told while they are typed', async (page, { url }, keep, shape) => {
  const scripted = !shape.startsWith('plain');
  const own = await flow(page, url, 'Benvenuto');
  await page.goto(`${url}${own}/edit`);
  await page.click('.step.kind-keyword .step-head >> nth=0');
  await page.waitForSelector('#node-form');
  const typed = async (text, mode) => {
    await page.selectOption('[name="phrases.0.match"]', mode);
    await page.fill('[name="phrases.0.text"]', text);
    if (!scripted) await page.click('#node-form button[formaction]');
  };
  await typed('listino', 'word');
  await page.waitForSelector('#overlaps .tone-bad a[href$="/edit"]');
  await inspect(page);
  await keep('overlap-same');
  await typed('listino nuovo', 'contains');
  await page.waitForFunction(() => !document.querySelector('#overlaps .tone-bad'));
  assert.equal(await page.locator('[name="phrases.0.text"]').inputValue(), 'listino nuovo', 'what is typed stays');
  await page.goto(`${url}/flows`);
  await page.click('a[href="/flows/match"]');
  await inspect(page);
  await page.fill('#match-text', 'listino');
  await page.click('main form .button-primary');
  await page.waitForSelector('#verdict');
  assert.match(await page.locator('#verdict-title').textContent(), /Listino/);
  await inspect(page);
  await keep('match');
  await page.goto(`${url}/flows/match?text=qualunque%20cosa&flow=${own.split('/').pop()}`);
  await inspect(page);
});

journey('why a message found its automation is told in the chat', walk('desk', async (page, { url }, keep) => {
  await page.goto(`${url}/simulator`);
  await page.fill('.compose textarea', 'listino');
  await page.click('.compose button');
  await page.waitForSelector('.chat-why');
  await page.click('.chat-why summary');
  await inspect(page);
  await keep('why');
}));
