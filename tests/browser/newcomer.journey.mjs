// What a newcomer does: from an empty file to an automation of their own that answers on the simulator.

import assert from 'node:assert/strict';
import { PASSWORD } from './house.mjs';
import { ALL, inspect, journey, shot, start } from './kit.mjs';

const CLICKS = 12;
/// Walked in the gate: scripts at a desk, and none on a phone.
const GATE = ['desk', 'plain-phone'];

for (const shape of ALL) {
  journey(`an empty file becomes a working automation of one's own within ${CLICKS} clicks, ${shape}`, async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape);
      let clicks = 0;
      const click = async (target) => {
        clicks += 1;
        await page.click(target);
      };
      // Going into a field that has not the focus is a click too.
      const fill = async (target, text) => {
        if (!(await page.locator(target).evaluate((field) => field === document.activeElement))) clicks += 1;
        await page.fill(target, text);
      };
      const keep = async (name) => {
        await inspect(page);
        await shot(page, `${name}-${shape}`);
      };
      await page.goto(await flusso.setup());
      await fill('#name', 'Anna');
      await fill('#password', PASSWORD);
      // Everything else as it stands, "try it now" ticked too.
      assert.ok(await page.isChecked('input[name="try"]'));
      await click('main form button');
      await page.waitForURL(/\/first$/);
      await keep('first');
      assert.equal(await page.locator('main a[href^="/blueprints/"]').count(), 4);
      await click('main a[href="/blueprints/price-list"]');
      await page.waitForURL(/\/blueprints\/price-list$/);
      await keep('blueprint');
      assert.equal(await page.locator('[name="own_word"]').count(), 0, 'its words are not taken by the example');
      await fill('[name="ask.prices"]', 'pane 4 € al chilo, focaccia 12 €');
      await click('button[name="then"][value="simulator"]');
      await page.waitForURL(/\/simulator/);
      await keep('newcomer-simulator');
      await fill('.compose textarea', 'listino');
      await click('.compose button');
      await page.waitForFunction(() => [...document.querySelectorAll('.bubble')].some((one) => one.textContent.includes('focaccia 12 €')));
      assert.equal(await page.locator('.bubble', { hasText: 'taglio 25' }).count(), 0, 'the example says nothing any more');
      assert.ok(clicks <= CLICKS, `${clicks} clicks`);
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  }, { long: !GATE.includes(shape) });
}

for (const shape of ALL) {
  journey(`the gallery is filtered, one is tried and added, and its list says what is left, ${shape}`, async ({ open }) => {
    const flusso = await start();
    try {
      const page = await open(shape);
      const keep = async (name) => {
        await inspect(page);
        await shot(page, `${name}-${shape}`);
      };
      await page.goto(await flusso.setup());
      await page.fill('#name', 'Anna');
      await page.fill('#password', PASSWORD);
      await page.click('input[name="try"]');
      await page.click('main form button');
      await page.waitForURL(/\/first$/);
      await page.goto(`${flusso.url}/blueprints`);
      if (shape !== 'desk') await inspect(page);
      assert.equal(await page.locator('.blueprint .sketch svg').count(), 18);
      await page.click('.chips a:has-text("Eventi")');
      await page.waitForURL(/trade=events/);
      await page.click('.chips a:has-text("Vendere")');
      await page.waitForURL(/trade=events&goal=sell/);
      await keep('gallery-filtered');
      await page.click('.blueprint a[href="/blueprints/lead-qualification/try"]');
      await page.waitForURL(/lead-qualification\/try/);
      await page.click('.try-row button:has-text("preventivo")');
      await page.waitForSelector('.bubble:has-text("La Bottega")');
      await keep('blueprint-try');
      await page.click('.head a.button-primary');
      await page.fill('[name="ask.business"]', 'Da Anna');
      await page.click('#add button[name="then"][value=""]');
      await page.waitForURL(/\/flows\/.*\/edit/);
      await page.waitForSelector('#todos li');
      await keep('todos');
      await page.click('#todos form:has(input[name="line"][value="try"]) button');
      await page.waitForURL(/#todos|edit/);
      await page.waitForSelector('#todos li:has-text("Parlale nel simulatore"):has-text("Fatto")');
      // Once more: its words are taken now, and one of its own is asked.
      await page.goto(`${flusso.url}/blueprints/lead-qualification`);
      if (shape !== 'desk') await keep('blueprint-again');
      await page.fill('[name="own_word"]', 'progetto');
      await page.click('#add button[name="then"][value=""]');
      await page.waitForURL(/\/flows\/.*\/edit/);
      await page.waitForSelector('#todos li:has-text("“preventivo”")');
      await flusso.stop();
    } finally {
      await flusso.remove();
    }
  }, { long: !GATE.includes(shape) });
}
