// The views, and which of them is shown: `#overview`, `#findings`, `#labs`, `#reports`, `#report=N`.
const tallied = group => Object.entries(run.tally[group] || {}).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
const table = (heads, rows, kind) => make('div', { class: 'scroll' }, make('table', { class: kind || null }, make('thead', null, make('tr', null, heads.map(head => make('th', { scope: 'col', class: typeof head === 'number' ? 'number' : null }, head)))), make('tbody', null, rows)));

const stages = () => {
  const T = ['Tis', 'T0', 'T1', 'T2', 'T3', 'T4', 'TX'], N = ['N0', 'N1', 'N2', 'N3', 'NX'];
  const fold = (value, known) => value ? known.find(category => value.toLowerCase().startsWith(category.toLowerCase())) || null : null;
  const cells = new Map();
  for (const [answer, number] of Object.entries(run.tally.t_n || {})) {
    const [t, n] = [fold(answer.split('|')[0], T), fold(answer.split('|')[1], N)];
    if (t || n) { const key = (t || '') + '|' + (n || ''); cells.set(key, (cells.get(key) || 0) + number); }
  }
  if (!cells.size) return make('p', { class: 'soft' }, word('none'));
  const most = Math.max(...cells.values());
  const row = t => make('tr', null, make('th', { scope: 'row' }, t || word('open')), [...N, ''].map(n => {
    const number = cells.get(t + '|' + n) || 0;
    return make('td', { style: number ? `background: rgb(20 85 122 / ${Math.round(8 + 40 * number / most)}%)` : null }, number || '');
  }));
  return [table(['', ...N, word('open')], [...T, ''].filter(t => [...N, ''].some(n => cells.has(t + '|' + n))).map(row), 'cross'), make('p', { class: 'soft' }, word('stages_note'))];
};

const nodes = () => {
  const group = number => number < 4 ? String(number) : number < 7 ? '4–6' : number < 10 ? '7–9' : '≥ 10';
  const order = ['0', '1', '2', '3', '4–6', '7–9', '≥ 10'];
  const counts = new Map();
  for (const [positive, number] of Object.entries(run.tally.positive_nodes || {})) counts.set(group(+positive), (counts.get(group(+positive)) || 0) + number);
  const examined = Object.entries(run.tally.examined_nodes || {}).flatMap(([nodes, number]) => Array(number).fill(+nodes)).sort((a, b) => a - b);
  const quantile = share => examined[Math.min(examined.length - 1, Math.floor(share * examined.length))];
  return [make('p', { class: 'soft' }, word('nodes_note')), bars(order.filter(key => counts.has(key)).map(key => [key, counts.get(key)])),
    examined.length ? make('p', null, word('nodes_examined') + ': ' + [examined[0], quantile(.25), quantile(.5), quantile(.75), examined.at(-1)].join(' · ') + ' (min · 25% · 50% · 75% · max, ' + examined.length + ' ' + word('reports_with') + ')') : null];
};

const markers = () => {
  const found = Object.entries(run.tally.markers || {}).map(([key, number]) => ({ marker: key.split('|')[0], status: key.split('|')[1], number }));
  const sum = own => own.reduce((all, one) => all + one.number, 0);
  const names = [...new Set(found.map(one => one.marker))].map(name => [name, sum(found.filter(one => one.marker === name))]).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 30);
  if (!names.length) return make('p', { class: 'soft' }, word('none'));
  const states = ['positive', 'negative', 'equivocal'];
  return table([word('marker'), ...states.map(word), word('other')], names.map(([name]) => {
    const own = found.filter(finding => finding.marker === name);
    return make('tr', null, make('td', null, name), states.map(state => make('td', null, sum(own.filter(finding => finding.status === state)) || '')), make('td', null, sum(own.filter(finding => !states.includes(finding.status))) || ''));
  }));
};

const overview = () => {
  const labels = tallied('labels').map(([label, number]) => [label || word('abstained'), number]);
  const groups = [['findings', 'findings_by_kind', word], ['labs', 'labs_by_analyte', analyteName], ['languages', 'languages', word], ['encodings', 'encodings', key => key], ['redactions', 'redactions', key => key], ['doubts', 'doubts', word], ['quality', 'quality', key => key]];
  return [
    make('h1', null, word('title')),
    make('div', { class: 'counts' }, make('span', null, make('b', null, run.done), word('reports_read')), make('span', { class: run.failed ? 'bad' : null }, make('b', null, run.failed), word('reports_failed'))),
    run.pages > 1 ? make('p', null, word('pages') + ': ', Array.from({ length: run.pages }, (_, index) => [make('a', { href: index ? `report-${index + 1}.html` : 'report.html', 'aria-current': index + 1 === run.page ? 'page' : null }, `${index * run.per_page + 1}–${Math.min(run.done, (index + 1) * run.per_page)}`), ' '])) : null,
    wide(card(word('failures'), run.failures.length ? [table([word('source'), word('kind'), word('reason')], run.failures.map(failure => make('tr', null, make('td', { class: 'id' }, failure.source), make('td', null, failure.kind), make('td', { class: 'words' }, failure.reason)))), run.failed > run.failures.length ? make('p', { class: 'soft' }, word('failures_more')) : null] : make('p', { class: 'soft' }, word('failures_none')))),
    make('div', { class: 'grid' },
      labels.length ? card(word('labels'), bars(labels)) : null,
      card(word('stages'), stages()),
      card(word('stage_groups'), bars(tallied('stage_groups'))),
      card(word('nodes'), nodes()),
      card(word('markers'), markers()),
      groups.map(([group, title, name]) => tallied(group).length ? card(word(title), bars(tallied(group), name)) : null)),
    make('p', { class: 'soft keys' }, word('keys')),
  ];
};

// A table with a search field and filters. `state` keeps what was chosen when the language changes.
const chosen = {};
const searched = (view, items, haystack, filters, heads, row, checkbox) => {
  const state = chosen[view] || (chosen[view] = { text: '' });
  const body = make('tbody');
  const place = make('div');
  const apply = () => {
    const needles = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = items.filter(item => filters.every(([name, of]) => !state[name] || of(item) === state[name]) && (!state.checked || !checkbox || checkbox[1](item)) && needles.every(needle => haystack(item).includes(needle)));
    body.replaceChildren();
    place.replaceChildren(lazy(body, found, row));
  };
  let waiting = 0;
  const search = make('input', { type: 'search', placeholder: word('search'), 'aria-label': word('search'), oninput: event => { state.text = event.target.value; clearTimeout(waiting); waiting = setTimeout(apply, 80); } });
  search.value = state.text;
  const selects = filters.map(([name, of, title, show]) => {
    const select = make('select', { 'aria-label': title, name, onchange: event => { state[name] = event.target.value; apply(); } }, make('option', { value: '' }, title + ': ' + word('all')), count(items, of).map(([key, number]) => make('option', { value: key }, show(key) + ' (' + number + ')')));
    select.value = state[name] || '';
    return select;
  });
  const box = checkbox ? make('label', null, make('input', { type: 'checkbox', onchange: event => { state.checked = event.target.checked; apply(); } }), checkbox[0]) : null;
  if (box) box.firstChild.checked = Boolean(state.checked);
  const clear = make('button', { type: 'button', onclick: () => { chosen[view] = null; show(); main.querySelector('input[type=search]').focus(); } }, word('clear'));
  apply();
  return [make('div', { class: 'filters' }, search, selects, box, clear), make('div', { class: 'scroll' }, make('table', null, make('thead', null, make('tr', null, heads.map(head => make('th', { scope: 'col' }, head)))), body)), place];
};

const rowsOf = field => reports.flatMap((report, index) => report[field].map((value, number) => ({ index, number, value })));
const remember = make_ => { let made = null; return () => made || (made = make_()); };
const allFindings = remember(() => rowsOf('findings').map(item => ({ ...item, hay: [reports[item.index].id, item.value.type, valueOf(item.value), item.value.text, item.value.section].join(' ').toLowerCase() })));
const allLabs = remember(() => rowsOf('labs').map(item => ({ ...item, hay: [reports[item.index].id, item.value.analyte, ...(run.analytes[item.value.analyte] || []), item.value.text].join(' ').toLowerCase() })));
const opened = (item, letter) => make('a', { href: '#report=' + item.index + '&at=' + letter + item.number }, reports[item.index].id);

const findingsView = () => [make('h1', null, word('findings')), make('section', { class: 'card' }, searched('findings', allFindings(), item => item.hay + ' ' + word(item.value.type).toLowerCase(),
  [['type', item => item.value.type, word('type'), word], ['presence', item => item.value.presence, word('presence'), word], ['temporality', item => item.value.temporality, word('temporality'), word]],
  [word('report'), word('type'), word('value'), word('evidence'), word('section')],
  item => make('tr', null, make('td', { class: 'id' }, opened(item, 'f')), make('td', null, word(item.value.type)), make('td', null, valueOf(item.value), tags(item.value)), make('td', { class: 'words' }, item.value.text), make('td', null, word(item.value.section))),
  [word('only_doubts'), item => item.value.doubts.length > 0]))];

const labsView = () => {
  const groups = analytes().filter(group => group.results.length > 0);
  return [make('h1', null, word('labs')),
    run.pages > 1 && run.tally.against_reference ? card(word('run_distributions'), make('p', { class: 'soft' }, word('run_distributions_note')), make('div', { class: 'plots' }, againstReference())) : null,
    groups.length ? card(word('distributions'), make('p', { class: 'soft' }, word('distributions_note')), make('div', { class: 'plots' }, groups.slice(0, 40).map(distribution))) : null,
    make('section', { class: 'card', style: 'margin-top: 1rem' }, searched('labs', allLabs(), item => item.hay,
      [['analyte', item => item.value.analyte, word('analyte'), analyteName], ['flag', item => item.value.flag, word('flag'), word]],
      [word('report'), word('name'), word('value'), word('reference'), word('flag'), word('evidence')],
      item => make('tr', null, make('td', { class: 'id' }, opened(item, 'l')), make('td', null, analyteName(item.value.analyte)), make('td', { class: 'flag-' + item.value.flag }, resultOf(item.value), tags(item.value)), make('td', null, rangeOf(item.value)), make('td', null, item.value.flag ? word(item.value.flag) : ''), make('td', { class: 'words' }, item.value.text)),
      [word('only_doubts'), item => item.value.doubts.length > 0]))];
};

const reportsView = () => {
  const labelled = reports.some(report => report.label);
  const items = reports.map((report, index) => ({ report, index, hay: [report.id, report.source, answer('histology', report.summary.histology), answer('primary_site', report.summary.primary_site), report.label && report.label.label, report.text].filter(Boolean).join(' ').toLowerCase() }));
  const stage = summary => [summary.t, summary.n, summary.m].filter(Boolean).join(' ');
  const filters = [['language', item => item.report.language, word('languages'), word], ['status', item => item.report.status, word('statuses'), word]];
  return [make('h1', null, word('reports')), make('section', { class: 'card' }, searched('reports', items, item => item.hay,
    labelled ? [['label', item => item.report.label && item.report.label.label, word('label'), key => key], ...filters] : filters,
    [word('report'), ...(labelled ? [word('label')] : []), word('histology'), word('primary_site'), 'TNM', word('findings'), word('labs')],
    item => make('tr', null, make('td', { class: 'id' }, link(item.index)), labelled ? make('td', null, item.report.label ? item.report.label.label : '') : null, make('td', null, answer('histology', item.report.summary.histology)), make('td', null, answer('primary_site', item.report.summary.primary_site)), make('td', null, stage(item.report.summary)), make('td', { class: 'number' }, item.report.findings.length), make('td', { class: 'number' }, item.report.labs.length)),
    [word('checks'), item => item.report.checks.length > 0]))];
};

const VIEWS = { overview, findings: findingsView, labs: labsView, reports: reportsView };
const place = () => {
  const [, name = 'overview', index, at] = /^#(\w+)(?:=(\d+))?(?:&at=(\w+))?$/.exec(location.hash) || [];
  if (name === 'report' && reports[+index]) return { name, index: +index, at };
  return { name: Object.hasOwn(VIEWS, name) ? name : 'overview' };
};
const show = () => {
  const { name, index, at } = place();
  grow = null;
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
  document.title = 'bingli · ' + (name === 'report' ? reports[index].id : word(name));
  document.querySelector('header').replaceChildren(make('strong', null, 'bingli'),
    make('nav', null, Object.keys(VIEWS).map(view => make('a', { href: '#' + view, 'aria-current': view === name || (view === 'reports' && name === 'report') ? 'page' : null }, word(view)))),
    make('button', { type: 'button', id: 'language', onclick: () => { language = language === 'en' ? 'zh' : 'en'; show(); document.getElementById('language').focus(); } }, word('language')),
    make('button', { type: 'button', onclick: () => print() }, word('print')));
  main.replaceChildren(...(name === 'report' ? reportView(index) : VIEWS[name]()).filter(Boolean));
  if (at) select(at);
};
addEventListener('hashchange', () => { show(); scrollTo(0, 0); const { at } = place(); if (at) select(at); main.focus({ preventScroll: true }); });
addEventListener('keydown', event => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  const { name, index } = place();
  if (event.key === 'Escape') { if (typing) document.activeElement.blur(); else if (name === 'report') location.hash = '#reports'; return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') {
    event.preventDefault();
    if (!main.querySelector('input[type=search]')) { history.pushState(null, '', '#findings'); show(); }
    main.querySelector('input[type=search]').focus();
  } else if (name === 'report' && (event.key === 'j' || event.key === 'k')) {
    const next = index + (event.key === 'j' ? 1 : -1);
    if (reports[next]) location.hash = '#report=' + next;
  } else if (/^[1-4]$/.test(event.key)) location.hash = '#' + Object.keys(VIEWS)[event.key - 1];
});
show();
