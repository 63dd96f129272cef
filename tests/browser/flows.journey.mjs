// From the first link to an answered message, and the life of automations: made, changed, copied, thrown away and taken back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inspect, journey, shot, start } from './kit.mjs';

const PASSWORD = 'una frase abbastanza lunga';

/// Sets Flusso up in the shape of this page, with the simulator to try.
async function setUp(page, flusso) {
  await page.goto(await flusso.setup());
  await page.fill('#name', 'Anna');
  await page.fill('#password', PASSWORD);
  await page.click('main form button');
  await page.waitForLoadState();
}

/// Starts Flusso, walks with a page in one of the shapes, and takes it away at the end.
function walk(shape, use, more) {
  return async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape, more);
      await use(page, flusso, (name) => shot(page, `${name}-${shape}${more?.locale ?? ''}`));
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  };
}

/// The menu of a line of the list, opened.
async function menu(page, name) {
  const row = page.locator('tbody tr').filter({ has: page.locator(`a.name:text-is("${name}")`) });
  await row.locator('.menu summary').click();
  return row.locator('.menu-body');
}

for (const [shape, more] of [['desk'], ['dark'], ['phone'], ['plain'], ['desk', { locale: 'en-GB' }]]) {
  journey(`from the first link to an answered message, ${shape} ${more?.locale ?? 'it-IT'}`, walk(shape, async (page, flusso, keep) => {
    let clicks = 0;
    let fields = 0;
    const click = async (target) => { clicks += 1; await page.click(target); };
    const fill = async (target, text) => { fields += 1; await page.fill(target, text); };
    await page.goto(await flusso.setup());
    await inspect(page);
    await keep('setup');
    await fill('#name', 'Anna');
    await fill('#password', PASSWORD);
    await click('main form button');
    await page.waitForURL(/simulator/);
    await inspect(page);
    await fill('.compose textarea', more ? 'price list' : 'listino');
    await click('.compose button');
    await page.waitForFunction(() => document.querySelectorAll('.bubble').length >= 2);
    await keep('first-answer');
    assert.ok(clicks <= 12 && fields <= 3, `${clicks} clicks, ${fields} fields`);
    await page.goto(`${flusso.url}/flows`);
    await inspect(page);
    await keep('flows');
  }, more));
}

for (const shape of ['desk', 'phone', 'plain']) {
  journey(`an automation is made, renamed, disabled, copied, thrown away and taken back, ${shape}`, walk(shape, async (page, flusso, keep) => {
    await setUp(page, flusso);
    await page.goto(`${flusso.url}/flows/new`);
    await inspect(page);
    await keep('new-flow');
    await page.fill('#name', 'Prova');
    await page.click('main section:first-of-type form button');
    await page.waitForURL(/edit/);
    await inspect(page);
    await page.goto(`${flusso.url}/flows`);
    await (await menu(page, 'Prova')).locator('a[href$="/name"]').click();
    await inspect(page);
    await page.fill('#name', 'Prova due');
    await page.click('main form button');
    await (await menu(page, 'Listino')).locator('form[action$="/pause"] button').click();
    await page.waitForSelector('#flash .banner');
    await inspect(page);
    await (await menu(page, 'Listino')).locator('a[href$="/enable"]').click();
    await inspect(page);
    await keep('enable');
    await page.click('main form button');
    await (await menu(page, 'Listino')).locator('form[action$="/copies"] button').click();
    await page.waitForSelector('#copy-title');
    await inspect(page);
    await keep('copied');
    await (await menu(page, 'Prova due')).locator('a[href$="/delete"]').click();
    await inspect(page);
    await page.click('main form button');
    await page.waitForSelector('#flash form');
    await page.goto(`${flusso.url}/flows/bin`);
    await inspect(page);
    await keep('bin');
    await page.click('form[action*="/bin"] button');
    await (await menu(page, 'Prova due')).locator('a[href$="/delete"]').click();
    await page.click('main form button');
    await page.goto(`${flusso.url}/flows/bin`);
    await page.click('a[href$="/erase"]');
    await inspect(page);
    await page.click('main form button');
    await page.waitForURL(/bin$/);
    assert.equal(await page.locator('form[action*="/bin"]').count(), 0, 'the bin is empty');
  }));
}

/// Builds a flow by the forms of the editor, and gives what it exports.
async function build(page, flusso, keep) {
  await setUp(page, flusso);
  await page.goto(`${flusso.url}/flows/new`);
  await page.fill('#name', 'Costruita');
  await page.click('main section:first-of-type form button');
  await page.waitForURL(/edit/);
  const flow = new URL(page.url()).pathname.replace('/edit', '');
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

journey('the editor builds the same automation with scripts and without', async ({ open }) => {
  const built = [];
  for (const shape of ['desk', 'phone', 'plain']) {
    const flusso = await start();
    try {
      const page = await open(shape);
      built.push(await build(page, flusso, (name) => shot(page, `${name}-${shape}`)));
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  }
  assert.deepEqual(built[1], built[0]);
  assert.deepEqual(built[2], built[0]);
  assert.deepEqual(built[0].nodes.map((node) => node.kind), ['keyword', 'message', 'wait']);
});
