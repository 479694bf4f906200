'use strict';
// What all views share: the data, the words of the interface, elements, and lists that grow while they are scrolled.
const parse = id => JSON.parse(document.getElementById(id).textContent);
const run = parse('run');
const reports = parse('reports');
const main = document.querySelector('main');

let language = navigator.language && navigator.language.startsWith('zh') ? 'zh' : 'en';
const word = key => { const own = run.words[language]; return Object.hasOwn(own, key) ? own[key] : key; };

// The name of an analyte in the language of the interface.
const analyteName = key => (run.analytes[key] || [])[language === 'zh' ? 1 : 0] || key;

// An element; a property that begins with "on" is a listener, a child that is null is left out.
const SVG = 'http://www.w3.org/2000/svg';
const build = element => (properties, ...children) => {
  for (const [name, value] of Object.entries(properties || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== '').map(child => typeof child === 'object' ? child : String(child)));
  return element;
};
const make = (tag, properties, ...children) => build(document.createElement(tag))(properties, ...children);
const draw = (tag, properties, ...children) => build(document.createElementNS(SVG, tag))(properties, ...children);

const card = (title, ...content) => make('section', { class: 'card' }, make('h2', null, title), ...content);
const wide = element => { element.classList.add('wide'); return element; };
const short = number => number === null || number === undefined ? '' : String(+Number(number).toPrecision(6));
const link = index => make('a', { href: '#report=' + index }, reports[index].id);
const count = (items, of) => {
  const counts = new Map();
  for (const item of items) { const key = of(item); if (key !== null && key !== undefined && key !== '') counts.set(key, (counts.get(key) || 0) + 1); }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};

// The fields of a finding that say what was found.
const BESIDE = new Set(['type', 'presence', 'temporality', 'experiencer', 'specimen', 'section', 'start', 'end', 'text', 'cues', 'doubts']);
// Values that are names of states are said in the language of the interface; codes and words of the report stay.
const STATES = new Set(['left', 'right', 'bilateral', 'well', 'moderate', 'poor', 'undifferentiated', 'present', 'absent', 'positive', 'negative', 'close', 'indeterminate', 'equivocal', 'resection', 'excision', 'biopsy', 'cytology', 'low', 'intermediate', 'high', 'proficient', 'deficient', 'stable', 'mutated', 'wild-type', 'amplified', 'not-amplified', 'rearranged', 'not-rearranged']);
const plain = value => Array.isArray(value) ? [...new Set(value)].map(plain).join(' × ') : typeof value === 'number' ? short(value) : STATES.has(value) ? word(value) : String(value);
const valueOf = finding => {
  const own = Object.entries(finding).filter(([key, value]) => !BESIDE.has(key) && value !== null && value !== '');
  switch (finding.type) {
    case 'tnm': return (finding.prefix || '') + own.filter(([key]) => key !== 'prefix').map(([, value]) => plain(value)).join(' ');
    case 'lymph_nodes': return [finding.station, (finding.positive ?? '?') + '/' + (finding.examined ?? '?')].filter(Boolean).join(' ');
    case 'tumor_size': return finding.dimensions_mm.map(short).join(' × ') + ' mm';
    case 'ihc': return [finding.marker, finding.status && word(finding.status), finding.score, finding.percent && [...new Set(finding.percent)].map(short).join('–') + '%', finding.intensity, finding.qualifier].filter(Boolean).join(' ');
    case 'differentiation': return [...new Set([finding.from, finding.to])].filter(Boolean).map(plain).join('–');
    case 'gleason': return [[finding.primary, finding.secondary].filter(number => number !== undefined).join('+'), finding.score].filter(part => part !== '' && part !== undefined).join(' = ');
    default: return own.map(([key, value]) => key.endsWith('_mm') ? short(value) + ' mm' : plain(value)).join(' · ');
  }
};
const resultOf = lab => {
  const number = lab.value === undefined ? lab.text_value || '' : short(lab.value) + (lab.value_high === undefined ? '' : '–' + short(lab.value_high));
  return lab.comparator + number + (lab.unit ? ' ' + lab.unit : '');
};
const rangeOf = lab => {
  if (!lab.reference) return '';
  const [low, high] = lab.reference;
  return low === null ? '≤ ' + short(high) : high === null ? '≥ ' + short(low) : short(low) + '–' + short(high);
};
const tags = value => [
  value.presence !== 'present' && make('span', { class: 'tag ' + value.presence }, word(value.presence)),
  value.temporality !== 'current' && make('span', { class: 'tag' }, word(value.temporality)),
  value.experiencer && make('span', { class: 'tag' }, word(value.experiencer)),
  ...value.doubts.map(doubt => make('span', { class: 'tag doubt' }, word(doubt))),
].filter(Boolean).flatMap(tag => [' ', tag]);

// A list of any length: rows are made when they come near the window, all of them (to a limit) for printing.
const CHUNK = 100, PRINTED = 5000;
let grow = null;
const lazy = (body, items, row) => {
  let made = 0;
  const sentinel = make('p', { class: 'soft' });
  const more = to => {
    const end = Math.min(items.length, to);
    const fragment = document.createDocumentFragment();
    for (; made < end; made++) fragment.append(row(items[made], made));
    body.append(fragment);
    sentinel.textContent = items.length ? made + ' ' + word('of') + ' ' + items.length : word('nothing');
    if (made === items.length) watcher.disconnect();
  };
  const watcher = new IntersectionObserver(seen => { if (seen.some(entry => entry.isIntersecting)) more(made + CHUNK); }, { rootMargin: '600px' });
  more(CHUNK);
  if (made < items.length) watcher.observe(sentinel);
  grow = () => more(PRINTED);
  return sentinel;
};
addEventListener('beforeprint', () => { if (grow) grow(); });
