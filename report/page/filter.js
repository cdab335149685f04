// Finds clauses and cases by text and verdict. The page is whole without it.
(() => {
  const form = document.getElementById('filter');
  const [word, known, told] = form.querySelectorAll('input, select, output');
  const opened = new Set();
  let rows;
  // The text of a case whose beginning stands with the case above only.
  let above = '';
  const whole = el => {
    const p = el.querySelector('p'), said = p ? p.textContent.trim() : '';
    above = p?.dataset.n ? above.slice(0, p.dataset.n) + said.slice(1) : said;
    return above;
  };
  // A row is a case or a clause: its text, its verdict, and what it stands in.
  const row = (el, text, verdict) => ({el, text: text.toLowerCase(), verdict});
  const collect = () => [
    ...[...document.querySelectorAll('#broken article, #changes tbody')].map(el => row(el, el.textContent, el.className)),
    ...[...document.querySelectorAll('#clauses details > div > p:first-child')].map(el => row(el.parentNode, el.textContent, el.parentNode.className || 'passed')),
    ...[...document.querySelectorAll('#clauses li, #same li')].map(el => row(el, el.id + el.textContent + whole(el), el.className || 'passed')),
  ];
  const show = (el, on) => { el.hidden = !on; };
  const frames = () => document.querySelectorAll('#clauses details, #clauses h4, #same details');
  function reset() {
    for (const el of document.querySelectorAll('main [hidden]')) show(el, true);
    for (const el of opened) el.open = false;
    opened.clear();
    told.textContent = '';
  }
  function run() {
    const want = word.value.trim().toLowerCase().split(/\s+/).filter(Boolean), verdict = known.value;
    reset();
    if (!want.length && !verdict) return;
    rows ??= collect();
    const hits = rows.filter(r => (!verdict || r.verdict.split(' ').includes(verdict)) && want.every(w => r.text.includes(w)));
    for (const r of rows) show(r.el, false);
    for (const el of frames()) show(el, false);
    for (const r of hits) {
      for (let el = r.el; el && el.id !== 'main'; el = el.parentNode) {
        show(el, true);
        if (el.tagName === 'DETAILS' && !el.open && hits.length <= 400) { el.open = true; opened.add(el); }
      }
      let head = r.el.closest('#clauses div') || r.el.closest('ul');
      while (head && head.tagName !== 'H4') head = head.previousElementSibling;
      if (head) show(head, true);
    }
    told.textContent = hits.length === 1 ? '1 found' : hits.length + ' found';
  }
  let timer;
  const later = () => { clearTimeout(timer); timer = setTimeout(run, 120); };
  form.hidden = false;
  form.addEventListener('submit', e => e.preventDefault());
  word.addEventListener('input', later);
  known.addEventListener('change', later);
  document.addEventListener('keydown', e => {
    if (e.key === '/' && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) { e.preventDefault(); word.focus(); }
    if (e.key === 'Escape' && e.target === word) { word.value = ''; run(); }
  });
  // A link to a case or a clause opens the chapter that it stands in.
  function reveal() {
    const el = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let up = el; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
    if (el) el.scrollIntoView();
  }
  addEventListener('hashchange', reveal);
  if (location.hash) reveal();
})();
