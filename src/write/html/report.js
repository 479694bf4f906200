// One report: its text with what was found, its summary, its label, and the lists of findings and results.
let selected = null;

// The text in pieces, each marked with all that covers it. Places count code points.
const marked = (text, marks) => {
  const characters = Array.from(text);
  const cuts = [...new Set([0, characters.length, ...marks.flatMap(mark => [mark.start, mark.end])])].filter(cut => cut <= characters.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const piece = characters.slice(from, cuts[index + 1]).join('');
    const over = marks.filter(mark => mark.start <= from && mark.end >= cuts[index + 1]);
    if (!over.length) return piece;
    return make('mark', { class: [...new Set(over.map(mark => mark.kind))].join(' '), title: over.map(mark => mark.title).join('\n'), 'data-keys': over.map(mark => mark.key).join(' '), onclick: () => select(over[over.length - 1].key) }, piece);
  });
};

const select = (key, scroll = true) => {
  selected = key;
  let first = null;
  for (const mark of main.querySelectorAll('mark')) {
    const on = mark.dataset.keys.split(' ').includes(key);
    mark.classList.toggle('on', on);
    if (on && !first) first = mark;
  }
  for (const row of main.querySelectorAll('[data-row]')) {
    row.setAttribute('aria-pressed', row.dataset.row === key);
    if (row.dataset.row === key && scroll) row.scrollIntoView({ block: 'nearest' });
  }
  if (first && scroll) first.scrollIntoView({ block: 'center' });
};

const values = (title, items) => items.length ? card(title + ' (' + items.length + ')', make('ul', { class: 'values' }, items)) : null;
const rowOf = (key, what, value, of, words) => make('li', null, make('button', { 'data-row': key, 'aria-pressed': 'false', onclick: () => select(key) },
  make('span', { class: 'what' }, what), ' ', value, tags(of), make('div', { class: 'soft' }, words)));

const SUMMARY = ['t', 'n', 'm', 'stage_group', 'primary_site', 'histology', 'laterality', 'differentiation', 'grade', 'gleason', 'tumor_size_mm', 'nodes', 'margin', 'lvi', 'pni', 'ene', 'er', 'pr', 'her2', 'her2_score', 'ki67_percent'];
const answer = (field, value) => {
  if (value === null || value === undefined) return null;
  if (field === 'nodes') return value.examined === null && value.positive === null ? null : (value.positive ?? '?') + '/' + (value.examined ?? '?');
  if (field === 'gleason') return value.score === null ? null : (value.primary === null ? '' : value.primary + '+' + value.secondary + ' = ') + value.score;
  if (typeof value === 'object') return value.text + (value.icdo ? ' (' + value.icdo + ')' : '');
  return plain(value);
};
const summaryOf = report => {
  const stated = SUMMARY.map(field => [field, answer(field, report.summary[field])]).filter(([, value]) => value !== null);
  return stated.length ? card(word('summary'), make('dl', null, stated.flatMap(([field, value]) => [make('dt', null, word(field === 'nodes' ? 'lymph_nodes' : field)), make('dd', null, value)]))) : null;
};

const labelOf = label => {
  const evidence = label.evidence || [];
  return card(word('label'),
    make('p', null, make('b', null, label.abstained ? word('abstained') + ' (' + label.label + '?)' : label.label), ' ', make('span', { class: 'soft' }, word('probability') + ' ' + short(+label.probability.toFixed(3)))),
    bars(Object.entries(label.distribution).slice(0, 6).map(([name, probability]) => [name, +probability.toFixed(3)])),
    evidence.length ? make('ul', { class: 'values' }, evidence.map((part, index) => make('li', null, make('button', { 'data-row': 'e' + index, 'aria-pressed': 'false', onclick: () => select('e' + index) },
      make('span', { class: 'what' }, part.feature), ' ', make('span', { class: 'soft' }, word(part.weight < 0 ? 'against_label' : 'for_label') + ' ' + short(+Math.abs(part.weight).toPrecision(2)) + (part.start === undefined ? ' · ' + word('no_place') : '')))))) : null);
};

const reportView = index => {
  const report = reports[index];
  const kind = finding => word(finding.type);
  const marks = [
    ...report.findings.map((finding, number) => ({ ...finding, kind: 'finding', key: 'f' + number, title: kind(finding) + ': ' + valueOf(finding) })),
    ...report.labs.map((lab, number) => ({ ...lab, kind: 'lab', key: 'l' + number, title: lab.name + ' ' + resultOf(lab) })),
    ...report.redactions.map((redaction, number) => ({ start: redaction.original_start, end: redaction.original_end, kind: 'identifier', key: 'i' + number, title: word('identifier') + ': ' + redaction.kind })),
    ...((report.label && report.label.evidence) || []).map((part, number) => ({ ...part, kind: 'evidence', key: 'e' + number, title: part.feature })).filter(part => part.start !== undefined),
    ...report.findings.flatMap(finding => finding.cues).map((cue, number) => ({ ...cue, kind: 'cue', key: 'c' + number, title: cue.text })),
  ].filter(mark => mark.end > mark.start);
  const step = (label, to) => make('a', { href: '#report=' + to, 'aria-disabled': to < 0 || to >= reports.length || null, role: 'button' }, label);
  const about = [word(report.language), report.status && word(report.status), word('legible') + ' ' + Math.round(report.legible * 100) + '%', report.source].filter(Boolean).join(' · ');
  return [
    make('div', { class: 'steps' }, make('a', { href: '#reports' }, '← ' + word('back')), index > 0 ? step(word('previous'), index - 1) : null, index + 1 < reports.length ? step(word('next'), index + 1) : null),
    make('h1', null, report.id), make('p', { class: 'soft' }, about),
    make('div', { class: report.text === undefined ? 'reading textless' : 'reading' },
      report.text === undefined ? make('p', { class: 'soft' }, word('no_text')) : card(word('text'),
        make('div', { class: 'legend' }, make('span', null, make('mark', { class: 'finding', 'data-keys': '' }, word('findings'))), make('span', null, make('mark', { class: 'lab', 'data-keys': '' }, word('labs'))), make('span', null, make('mark', { class: 'identifier', 'data-keys': '' }, word('identifier'))), report.label ? make('span', null, make('mark', { class: 'evidence', 'data-keys': '' }, word('label'))) : null),
        make('div', { class: 'report-text' }, marked(report.text, marks))),
      make('div', { class: 'stack' },
        report.label ? labelOf(report.label) : null,
        summaryOf(report),
        report.checks.length ? card(word('checks'), make('ul', null, report.checks.map(check => make('li', null, check.message, ' ', make('span', { class: 'tag doubt' }, check.rule))))) : null,
        values(word('findings'), report.findings.map((finding, number) => rowOf('f' + number, kind(finding), valueOf(finding), finding, finding.text))),
        values(word('labs'), report.labs.map((lab, number) => rowOf('l' + number, lab.name, [make('span', { class: 'flag-' + lab.flag }, resultOf(lab)), lab.flag ? ' ' + word(lab.flag) : '', rangeOf(lab) ? ' [' + rangeOf(lab) + ']' : ''], lab, lab.text))))),
  ];
};
