// Plots as SVG: bars of counts, and the distribution of an analyte against its reference range.
const bars = (pairs, name = key => key, limit = 20) => {
  if (!pairs.length) return make('p', { class: 'soft' }, word('none'));
  const shown = pairs.slice(0, limit);
  const most = Math.max(...shown.map(pair => pair[1]));
  const LEFT = 170, WIDTH = 420, ROW = 22;
  const rows = shown.map(([key, number], index) => {
    const full = name(key);
    const wideness = [...full].reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
    const label = wideness > 23 ? [...full].slice(0, full.length === wideness ? 22 : 11).join('') + '…' : full;
    const length = Math.max(1, (WIDTH - LEFT - 60) * number / most);
    return draw('g', null, draw('title', null, full + ': ' + number),
      draw('text', { x: LEFT - 8, y: index * ROW + 15, 'text-anchor': 'end' }, label),
      draw('rect', { class: 'bar', x: LEFT, y: index * ROW + 4, width: length, height: ROW - 8, rx: 2 }),
      draw('text', { x: LEFT + length + 6, y: index * ROW + 15 }, number));
  });
  const svg = draw('svg', { viewBox: `0 0 ${WIDTH} ${shown.length * ROW}`, width: WIDTH, role: 'img', 'aria-label': shown.map(([key, number]) => name(key) + ' ' + number).join(', ') }, rows);
  return pairs.length > limit ? [svg, make('p', { class: 'soft' }, '+ ' + (pairs.length - limit) + ' ' + word('more'))] : svg;
};

// Numeric results by analyte, each in the unit that most of them have.
const analytes = () => {
  const groups = new Map();
  for (const report of reports) for (const lab of report.labs) {
    if (lab.value === undefined || lab.value_high !== undefined || lab.presence !== 'present') continue;
    const unit = lab.canonical ? lab.canonical.ucum : lab.ucum || lab.unit;
    const value = lab.canonical ? lab.canonical.value : lab.value;
    const factor = lab.canonical && lab.value ? lab.canonical.value / lab.value : 1;
    const range = lab.reference ? lab.reference.map(end => end === null ? null : end * factor) : null;
    if (!groups.has(lab.analyte)) groups.set(lab.analyte, []);
    groups.get(lab.analyte).push({ name: lab.name, unit, value, range, flag: lab.flag });
  }
  return [...groups].map(([analyte, all]) => {
    const unit = count(all, result => result.unit)[0]?.[0] ?? '';
    const results = all.filter(result => result.unit === unit);
    const range = count(results.filter(result => result.range), result => JSON.stringify(result.range.map(end => end === null ? null : +end.toPrecision(5))))[0];
    return { analyte, name: count(results, result => result.name)[0]?.[0] ?? analyte, unit, results, range: range ? JSON.parse(range[0]) : null };
  }).sort((a, b) => b.results.length - a.results.length || (a.analyte < b.analyte ? -1 : 1));
};

const side = flag => !flag ? 'none' : flag.includes('low') ? 'low' : flag === 'normal' ? 'normal' : 'high';
const distribution = group => {
  const WIDTH = 250, HEIGHT = 96, BASE = 78, BINS = 20, PAD = 6;
  const values = group.results.map(result => result.value);
  const ends = (group.range || []).filter(end => end !== null);
  let low = Math.min(...values, ...ends), high = Math.max(...values, ...ends);
  const log = low > 0 && high / low > 50;
  const scale = value => log ? Math.log(value) : value;
  if (low === high) { low = low > 0 ? low * .9 : low - 1; high = high > 0 ? high * 1.1 : high + 1; }
  const at = value => PAD + (WIDTH - 2 * PAD) * (scale(value) - scale(low)) / (scale(high) - scale(low));
  const bins = Array.from({ length: BINS }, () => ({ low: 0, normal: 0, high: 0, none: 0 }));
  for (const result of group.results) bins[Math.min(BINS - 1, Math.floor((at(result.value) - PAD) / (WIDTH - 2 * PAD) * BINS))][side(result.flag)]++;
  const most = Math.max(...bins.map(bin => bin.low + bin.normal + bin.high + bin.none));
  const step = (WIDTH - 2 * PAD) / BINS;
  const parts = [];
  if (ends.length) {
    const from = group.range[0] === null ? PAD : at(group.range[0]), to = group.range[1] === null ? WIDTH - PAD : at(group.range[1]);
    parts.push(draw('rect', { class: 'band', x: from, y: 2, width: Math.max(1, to - from), height: BASE - 2 }));
  }
  bins.forEach((bin, index) => {
    let top = BASE;
    for (const kind of ['normal', 'none', 'low', 'high']) {
      const height = bin[kind] / most * (BASE - 8);
      top -= height;
      if (height) parts.push(draw('rect', { class: 'bin-' + kind, x: PAD + index * step + .5, y: top, width: step - 1, height }));
    }
  });
  parts.push(draw('line', { class: 'axis', x1: PAD, x2: WIDTH - PAD, y1: BASE, y2: BASE }),
    draw('text', { class: 'small', x: PAD, y: HEIGHT - 4 }, short(+low.toPrecision(3))),
    draw('text', { class: 'small', x: WIDTH - PAD, y: HEIGHT - 4, 'text-anchor': 'end' }, short(+high.toPrecision(3)) + (log ? ' (log)' : '')));
  const sides = count(group.results, result => side(result.flag)).map(([kind, number]) => word(kind === 'none' ? 'unknown' : kind) + ' ' + number).join(' · ');
  const range = group.range ? rangeOf({ reference: group.range.map(end => end === null ? null : +end.toPrecision(4)) }) : word('without_range');
  return make('figure', null, make('figcaption', null, make('b', null, analyteName(group.analyte)), ' ', make('span', { class: 'soft' }, [group.unit, 'n = ' + values.length].filter(Boolean).join(' · '))),
    draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, role: 'img', 'aria-label': `${analyteName(group.analyte)}: ${sides}` }, parts),
    make('div', { class: 'soft' }, `${word('reference')} ${range} · ${sides}`));
};

// Results of all pages by eighths of their own reference interval, which is the band.
const againstReference = () => {
  const groups = new Map();
  for (const [key, number] of Object.entries(run.tally.against_reference || {})) {
    const [analyte, eighth] = key.split('|');
    if (!groups.has(analyte)) groups.set(analyte, []);
    groups.get(analyte).push([+eighth, number]);
  }
  const sum = bins => bins.reduce((all, bin) => all + bin[1], 0);
  return [...groups].sort((a, b) => sum(b[1]) - sum(a[1]) || (a[0] < b[0] ? -1 : 1)).slice(0, 40).map(([analyte, bins]) => {
    const WIDTH = 250, HEIGHT = 84, BASE = 78, STEP = WIDTH / 57, most = Math.max(...bins.map(bin => bin[1]));
    const side = eighth => eighth < 0 ? 'low' : eighth > 7 ? 'high' : 'normal';
    const parts = [draw('rect', { class: 'band', x: 24 * STEP, y: 2, width: 8 * STEP, height: BASE - 2 })];
    for (const [eighth, number] of bins) {
      const height = Math.max(1, number / most * (BASE - 8));
      parts.push(draw('rect', { class: 'bin-' + side(eighth), x: (eighth + 24) * STEP + .3, y: BASE - height, width: STEP - .6, height }));
    }
    parts.push(draw('line', { class: 'axis', x1: 0, x2: WIDTH, y1: BASE, y2: BASE }));
    const sides = ['low', 'normal', 'high'].map(name => word(name) + ' ' + sum(bins.filter(bin => side(bin[0]) === name))).join(' · ');
    return make('figure', null, make('figcaption', null, make('b', null, analyteName(analyte)), ' ', make('span', { class: 'soft' }, 'n = ' + sum(bins))),
      draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, role: 'img', 'aria-label': `${analyteName(analyte)}: ${sides}` }, parts), make('div', { class: 'soft' }, sides));
  });
};
