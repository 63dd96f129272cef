// The life of automations: made, changed, copied, thrown away and taken back; built by the forms of the editor.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { api, everywhere, until, walk } from './house.mjs';
import { ALL, inspect, journey } from './kit.mjs';

/// The menu of a line of the list, opened.
async function menu(page, name) {
  const row = page.locator('tbody tr').filter({ has: page.locator(`a.name:text-is("${name}")`) });
  await row.locator('.menu summary').click();
  return row.locator('.menu-body');
}

/// Makes an empty automation, and gives its path.
async function blank(page, flusso, name) {
  await page.goto(`${flusso.url}/flows/new`);
  await page.fill('#name', name);
  await page.click('main section:first-of-type form button');
  await page.waitForURL(/edit/);
  return new URL(page.url()).pathname.replace('/edit', '');
}

const ALSO = [{ shape: 'dark' }, { shape: 'desk', language: 'en' }];

everywhere('an automation is made, renamed, disabled and copied', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/flows/new`);
  await inspect(page);
  await keep('new-flow');
  await blank(page, flusso, 'Prova');
  await inspect(page);
  await keep('editor-empty');
  await page.goto(`${flusso.url}/flows`);
  await inspect(page);
  await keep('flows');
  await (await menu(page, 'Prova')).locator('a[href$="/name"]').click();
  await inspect(page);
  await page.fill('#name', 'Prova due');
  await page.click('main form button');
  await page.waitForSelector('a.name:text-is("Prova due")');
  await (await menu(page, 'Listino')).locator('form[action$="/pause"] button').click();
  await page.waitForSelector('#flash .banner');
  await inspect(page);
  await (await menu(page, 'Listino')).locator('a[href$="/enable"]').click();
  await inspect(page);
  await keep('enable');
  await page.click('main form button');
  await (await menu(page, 'Listino')).locator('form[action$="/copies"] button').click();
  await page.waitForSelector('#copy-title');
  assert.ok(await page.locator('section[aria-labelledby="copy-title"] li').count() > 0, 'a copy says what it lacks');
  await inspect(page);
  await keep('copied');
}, { also: ALSO });

everywhere('an automation goes to the bin, comes back, and goes for ever', async (page, flusso, keep) => {
  await page.goto(`${flusso.url}/flows`);
  await (await menu(page, 'Listino')).locator('a[href$="/delete"]').click();
  await inspect(page);
  await keep('flow-delete');
  await page.click('main form button');
  await page.click('#flash form button');
  await page.waitForSelector('a.name:text-is("Listino")');
  await (await menu(page, 'Listino')).locator('a[href$="/delete"]').click();
  await page.click('main form button');
  await page.waitForSelector('#flash form');
  await page.goto(`${flusso.url}/flows/bin`);
  await inspect(page);
  await keep('bin');
  await page.click('form[action*="/bin"] button');
  await page.waitForSelector('#flash .banner');
  await page.goto(`${flusso.url}/flows`);
  await (await menu(page, 'Listino')).locator('a[href$="/delete"]').click();
  await page.click('main form button');
  await page.goto(`${flusso.url}/flows/bin`);
  await page.click('a[href$="/erase"]');
  await inspect(page);
  await keep('erase');
  await page.click('main form button');
  await page.waitForURL(/bin$/);
  assert.equal(await page.locator('form[action*="/bin"]').count(), 0, 'the bin is empty');
  await inspect(page);
  await page.goto(`${flusso.url}/flows`);
  for (const name of ['Benvenuto', 'Follow-up preventivo']) {
    await page.locator('tbody tr').filter({ has: page.locator(`a.name:text-is("${name}")`) }).locator('.pick input').check();
  }
  await inspect(page);
  await keep('flows-several');
  await page.click('.bulk button[value="disable"]');
  await page.waitForSelector('#flash .banner');
  const { items } = await api(flusso, 'GET', '/flows');
  assert.deepEqual(items.map(({ state }) => state), ['disabled', 'disabled']);
});

everywhere('the box "overwrite if it exists" is ticked and stays', async (page, flusso) => {
  const flow = await blank(page, flusso, 'Riparte');
  const box = () => page.locator('input[name=restart]');
  assert.equal(await box().isChecked(), false);
  await box().check();
  const send = page.locator('form[action$="/reentry"] .no-js');
  if (await send.isVisible()) await send.click();
  // A page of its own: this one is still on its way through what the box has sent.
  const later = await page.context().newPage();
  await until(async () => {
    await later.goto(`${flusso.url}${flow}/edit`);
    return later.locator('input[name=restart]').isChecked();
  });
  await inspect(later);
});

everywhere('a file is attached to a message', async (page, flusso, keep) => {
  const flow = await blank(page, flusso, 'Allegato');
  await page.click('.palette button[value="message"] >> nth=-1');
  await page.waitForSelector('#node-form');
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==', 'base64');
  await page.setInputFiles('#upload', { name: 'listino prezzi.png', mimeType: 'image/png', buffer: png });
  await page.click('form[enctype="multipart/form-data"] button');
  await page.waitForSelector('.preview .bubble-picture, .preview .bubble-file');
  await inspect(page);
  await keep('attachment');
  const node = page.url().replace(/[#].*/, '');
  assert.ok(node.includes(`${flow}/edit`));
  await page.goto(node);
  const chosen = await page.locator('[name="attachments.0.file"] option:checked').textContent();
  assert.equal(chosen.trim(), 'listino prezzi.png', 'it is still there');
});

journey('what is typed into a node is kept by itself, whatever is pressed next', walk('desk', async (page, flusso) => {
  const flow = await blank(page, flusso, 'Da sola');
  await page.click('.palette button[value="message"] >> nth=-1');
  await page.waitForSelector('#node-form');
  const node = page.url();
  const again = async (text) => {
    const later = await page.context().newPage();
    await later.goto(node);
    assert.equal(await later.inputValue('#node-form [name="text"]'), text);
    await later.close();
  };
  await page.fill('#node-form [name="text"]', 'Prima.');
  await page.waitForFunction(() => document.querySelector('[data-kept]').textContent !== '');
  await page.waitForSelector('.preview :text-is("Prima.")');
  await inspect(page);
  await again('Prima.');
  await page.fill('#node-form [name="text"]', 'Con un collegamento.');
  await page.click('.crumb');
  await page.waitForURL(/flows$/);
  await again('Con un collegamento.');
  await page.goto(node);
  await page.fill('#node-form [name="text"]', 'Chiusa e basta.');
  await page.goto(`${flusso.url}/contacts`);
  await until(async () => (await page.context().newPage().then(async (later) => {
    await later.goto(node);
    const text = await later.inputValue('#node-form [name="text"]');
    await later.close();
    return text;
  })), (text) => text === 'Chiusa e basta.');
  await page.goto(`${flusso.url}${flow}/edit`);
  await page.click('.palette button[value="keyword"] >> nth=-1');
  await page.waitForSelector('#node-form');
  await page.fill('[name="phrases.0.text"]', 'da sola');
  await page.click('form[action$="/versions"] button');
  await page.waitForURL(/enable/);
  const saved = await api(flusso, 'GET', flow);
  assert.equal(saved.nodes.find(({ kind }) => kind === 'keyword').phrases[0].text, 'da sola', 'what was typed last is in what was saved');
}));

/// Presses Tab until the focus is on this.
async function tabTo(page, selector) {
  for (let count = 0; count < 200; count += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`no Tab leads to ${selector}`);
}

journey('an automation is made, saved and enabled with the keyboard alone', walk('desk', async (page, flusso) => {
  const enter = async (selector, key = 'Enter') => {
    await tabTo(page, selector);
    await page.keyboard.press(key);
  };
  await page.goto(`${flusso.url}/flows`);
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.skip')), 'the first Tab offers to skip the frame');
  await enter('main a[href="/flows/new"]');
  await page.waitForURL(/new$/);
  await tabTo(page, '#name');
  await page.keyboard.type('Tastiera');
  await page.keyboard.press('Enter');
  await page.waitForURL(/edit/);
  for (const [kind, field, text] of [['keyword', '[name="phrases.0.text"]', 'tastiera'], ['message', '[name="text"]', 'Senza mouse.']]) {
    await enter(`.palette button[value="${kind}"]`, 'Space');
    await page.waitForSelector('#node-form');
    await tabTo(page, `#node-form ${field}`);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
    await enter('#node-form .button-primary');
    await page.waitForSelector('#flash .banner');
  }
  await enter('form[action$="/versions"] button');
  await page.waitForURL(/enable/);
  await enter('main form .button-primary');
  await page.waitForSelector('a.name:text-is("Tastiera")');
  await enter('.rows .menu summary');
  await page.keyboard.press('Escape');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.menu:not([open]) > summary')), 'Escape closes a menu and stays at it');
  const made = (await api(flusso, 'GET', '/flows')).items.find(({ name }) => name === 'Tastiera');
  assert.equal(made.state, 'enabled');
}));

/// Builds a flow by the forms of the editor, and gives what it exports.
async function build(page, flusso, keep) {
  const flow = await blank(page, flusso, 'Costruita');
  await page.click('.palette button[value="keyword"] >> nth=-1');
  await page.waitForSelector('#node-form');
  await page.fill('[name="phrases.0.text"]', 'costruita');
  await page.click('#node-form .button-primary');
  for (const [after, kind] of [['k1', 'message'], ['m1', 'wait']]) {
    await page.click(`#node-${after} .step-between summary`);
    await page.click(`#node-${after} .step-between button[value="${kind}"]`);
    await page.waitForSelector('#node-form');
    await inspect(page);
    if (kind === 'message') {
      await page.fill('#node-form [name="text"]', 'Ciao, eccoci.');
      await page.click('#node-form .button-primary');
      await page.waitForSelector('#flash .banner');
    }
  }
  await keep('editor');
  await page.click('form[action$="/versions"] button');
  await page.waitForURL(/enable/);
  await inspect(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.goto(`${flusso.url}${flow}/export`).catch(() => {}),
  ]);
  return JSON.parse(readFileSync(await download.path(), 'utf8'));
}

journey('the editor builds the same automation with scripts and without', async (given) => {
  const built = [];
  for (const shape of ALL) {
    await walk(shape, async (page, flusso, keep) => { built.push(await build(page, flusso, keep)); })(given);
    assert.deepEqual(built.at(-1), built[0], shape);
  }
  assert.deepEqual(built[0].nodes.map((node) => node.kind), ['keyword', 'message', 'wait']);
});
