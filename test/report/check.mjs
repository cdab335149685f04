// Opens pages of the harness in headless Chromium: in light, dark, narrow and
// print. It fails on a serious or critical finding of axe-core, an error on the
// console, a request to anywhere, a page wider than a telephone, text that runs out
// of its cell, a focus that cannot be seen, an element that comes from what was
// recorded, or a search box that does not find. Usage: node check.mjs PICTURES PAGE…
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import puppeteer from 'puppeteer-core';

const [pictures, ...pages] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const modes = {
  light: {width: 1200, height: 1000, scheme: 'light', media: 'screen'},
  dark: {width: 1200, height: 1000, scheme: 'dark', media: 'screen'},
  narrow: {width: 360, height: 780, scheme: 'light', media: 'screen'},
  print: {width: 800, height: 1130, scheme: 'light', media: 'print'},
};
const pictureMax = 4000; // pixels of a picture's height
let problems = 0;

function problem(where, text) {
  problems++;
  console.log(`PROBLEM ${where}: ${text}`);
}

// Opens a page in a mode; whatever it complains about or asks for is a problem.
async function open(browser, file, mode, where) {
  const tab = await browser.newPage();
  tab.on('console', m => m.type() === 'error' && problem(where, m.text()));
  tab.on('pageerror', e => problem(where, e.message));
  tab.on('request', r => r.url().split('#')[0] !== pathToFileURL(file).href && problem(where, `asks for ${r.url()}`));
  await tab.setViewport({width: mode.width, height: mode.height});
  // One command: of two, the second would take the medium back.
  const session = await tab.createCDPSession();
  await session.send('Emulation.setEmulatedMedia', {media: mode.media, features: [{name: 'prefers-color-scheme', value: mode.scheme}]});
  const began = performance.now();
  await tab.goto(pathToFileURL(file).href, {waitUntil: 'load', timeout: 60_000});
  return {tab, took: Math.round(performance.now() - began)};
}

// What stands in a closed chapter is hidden, and is taken away: one of them is open,
// and axe-core takes minutes for ten thousand hidden elements.
async function accessible(tab, where) {
  await tab.evaluate(() => document.querySelectorAll('details:not([open]) > :not(summary)').forEach(el => el.remove()));
  await tab.evaluate(axe);
  const found = await tab.evaluate(async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(v =>
    ({id: v.id, impact: v.impact, help: v.help, at: v.nodes.slice(0, 3).map(n => n.target.join(' ')), count: v.nodes.length})));
  for (const v of found) {
    const text = `${v.impact}: ${v.id}, ${v.help}, ${v.count} times, at ${v.at.join('; ')}`;
    if (v.impact === 'serious' || v.impact === 'critical') problem(where, text);
    else console.log(`${where}: ${text}`);
  }
}

// What stands on the page is the page's own, and stays in its place.
async function whole(tab, mode, where) {
  const found = await tab.evaluate(print => {
    const list = [], say = (el, text) => list.length < 5 && list.push(`${el.tagName} "${el.textContent.trim().slice(0, 60)}" ${text}`);
    if (document.documentElement.scrollWidth > innerWidth + 1) list.push(`${document.documentElement.scrollWidth - innerWidth} pixels wider than the window`);
    if (document.images.length || document.title === 'taken') list.push('something that was recorded is an element');
    if (print !== (getComputedStyle(document.querySelector('nav')).display === 'none')) list.push('the medium is not the one asked for');
    for (const el of document.querySelectorAll('td, th, summary, .v, nav a, h1, h2, h3, p, li')) {
      if (el.scrollWidth > el.clientWidth + 1 && el.clientWidth && getComputedStyle(el).overflowX === 'visible' && getComputedStyle(el).display !== 'inline') say(el, 'runs out of its place');
    }
    return list;
  }, mode.media === 'print');
  for (const text of found) problem(where, text);
}

// With the keyboard alone: the first stop is the link that skips, each stop shows
// that it is one and comes after the one before, and the link leads to the findings.
async function keyboard(tab, where) {
  const stop = () => tab.evaluate(() => {
    const el = document.activeElement, box = el.getBoundingClientRect(), style = getComputedStyle(el);
    const later = !window.before || !!(window.before.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING);
    window.before = el;
    return {name: el.className || el.id || el.textContent.slice(0, 40), later, seen: style.outlineStyle !== 'none' && box.right > 0 && box.bottom > 0 && box.top < innerHeight};
  });
  for (let i = 0; i < 25; i++) {
    await tab.keyboard.press('Tab');
    const at = await stop();
    if (i === 0 && at.name !== 'skip') problem(where, `the first stop of the keyboard is ${at.name}`);
    if (i > 0 && at.name === 'skip') break; // a short page: round again
    if (!at.later) break; // the window's own controls
    if (!at.seen) problem(where, `the focus on ${at.name} cannot be seen`);
  }
  await tab.evaluate(() => { window.before = null; document.querySelector('.skip').focus(); });
  await tab.keyboard.press('Enter');
  if (await tab.evaluate(() => location.hash) !== '#main') problem(where, 'the link that skips does not lead to the findings');
}

// A page without a script has to show as much.
async function unscripted(browser, file, where) {
  const tab = await browser.newPage();
  await tab.setJavaScriptEnabled(false);
  await tab.goto(pathToFileURL(file).href);
  const text = await tab.$eval('main', el => el.textContent.trim().length);
  const form = await tab.$eval('body', el => el.querySelector('#filter')?.checkVisibility() ?? false);
  if (text < 200) problem(where, `shows ${text} characters without a script`);
  if (form) problem(where, 'shows a search box that does nothing');
  await tab.close();
}

// The search box finds what is there, tells so, and is left again with Escape.
async function search(tab, where) {
  if (!await tab.$('#filter')) return;
  const visible = () => tab.$$eval('#clauses li, #same li, #changes tbody', all => all.filter(el => !el.closest('[hidden]')).length);
  const settled = want => tab.waitForFunction(want, {timeout: 60_000, polling: 50});
  const all = await visible();
  await tab.keyboard.press('/');
  await tab.keyboard.sendCharacter('append/position');
  await settled(() => /^[1-9]\d* found$/.test(document.querySelector('#filter output').textContent));
  const some = await visible();
  if (!(some > 0 && some < all)) problem(where, `the search box shows ${some} of ${all} cases`);
  await tab.keyboard.press('Escape');
  await settled(() => document.querySelector('#filter output').textContent === '');
  if (await visible() !== all) problem(where, 'the search box does not bring all cases back');
}

// A link to a clause opens the chapter in which it stands.
async function anchors(tab, where) {
  const id = await tab.evaluate(() => document.querySelector('#clauses details:not([open]) > div')?.id);
  if (!id) return;
  await tab.evaluate(to => { location.hash = to; }, id);
  await tab.waitForFunction(to => document.getElementById(to).checkVisibility(), {timeout: 60_000, polling: 50}, id);
}

// All that is asked of one page.
async function check(browser, file) {
  const name = path.basename(file, '.html');
  for (const [word, mode] of Object.entries(modes)) {
    const where = `${name} ${word}`;
    const {tab, took} = await open(browser, file, mode, where);
    console.log(`${where}: opened in ${took} ms`);
    await whole(tab, mode, where);
    const height = Math.min(pictureMax, await tab.evaluate(() => document.documentElement.scrollHeight));
    await tab.screenshot({path: path.join(pictures, `${name}-${word}.png`), clip: {x: 0, y: 0, width: mode.width, height}, captureBeyondViewport: true});
    if (word !== 'print') {
      await keyboard(tab, where);
      await search(tab, where);
      await anchors(tab, where);
      await accessible(tab, where);
    }
    await tab.close();
  }
  await unscripted(browser, file, name);
}

// Two browsers, so that each page has the focus; each takes the next page.
const left = [...pages];
await Promise.all([0, 1].map(async () => {
  const browser = await puppeteer.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, protocolTimeout: 300_000,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none']});
  while (left.length) await check(browser, left.shift());
  await browser.close();
}));
console.log(problems ? `${problems} problems` : `${pages.length} pages in ${Object.keys(modes).length} modes: nothing serious`);
process.exit(problems ? 1 : 0);
