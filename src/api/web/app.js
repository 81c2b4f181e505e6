// The plain first page: sign in, see what is open, do the next step, declare. No build, no library; the console proper
// replaces it.
'use strict';

const words = {
  zh: {
    signIn: '登录', user: '用户名', password: '密码', leave: '退出', open: '正在处置的事件', none: '现在没有正在处置的事件',
    mine: '我现在要做的', nothing: '现在没有要您做的事', declare: '启动预案', unit: '单位', type: '发生了什么', drill: '这是演练',
    note: '补充说明（可不填）', start: '立即启动', done: '已完成', started: '开始做', skip: '跳过', why: '跳过的原因', never: '不要',
    say: '这样说', back: '返回', next: '接下来会上报', gates: '结案条件', close: '结案', retract: '撤销（按错了）', late: '已超时',
    left: '还有', over: '超时', stale: '连接断开，正在重连', drillMark: '演练', silentMark: '静默', call: '拨打', ack: '签收',
    told: '给我的通知', other: 'English', gone: '请重新登录', unreachable: '连不上服务器，请检查网络后再试', others: '其他步骤',
    done_: '已完成', waiting: '还没轮到', contained: '已控制', min: '分', s: '秒', h: '小时', to: '上报给', sure: '请写明原因',
  },
  en: {
    signIn: 'Sign in', user: 'User', password: 'Password', leave: 'Sign out', open: 'Open incidents',
    none: 'Nothing is open now', mine: 'What I do now', nothing: 'Nothing for you to do now', declare: 'Start a plan',
    unit: 'Unit', type: 'What happened', drill: 'This is a drill', note: 'Note (optional)', start: 'Start now',
    done: 'Done', started: 'I am on it', skip: 'Skip', why: 'Why is it skipped?', never: 'Do not', say: 'Say this',
    back: 'Back', next: 'Escalates next', gates: 'Before closing', close: 'Close', retract: 'Take back (a slip)',
    late: 'late', left: 'in', over: 'late by', stale: 'Connection lost, trying again', drillMark: 'Drill',
    silentMark: 'Silent', call: 'Call', ack: 'I have it', told: 'Notices for me', other: '中文', gone: 'Please sign in again',
    unreachable: 'The server cannot be reached: check the network and try again', others: 'Other steps', done_: 'done',
    waiting: 'waiting', contained: 'Contained', min: 'min', s: 's', h: 'h', to: 'to', sure: 'Please say why',
  },
};

const state = { language: localStorage.getItem('language') || 'zh', session: null, offset: 0, stream: null, units: [], plans: [], draw: 0 };
const $ = (id) => document.getElementById(id);
const t = (key) => words[state.language][key];
const say = (text) => (text ? text[state.language] : '');

// Elements from data only, never from markup: nothing that anybody wrote can become code.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'on') for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

let toastTimer = 0;
function tell(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('toast').hidden = true; }, 6000);
}

async function api(method, path, body, key) {
  const headers = { 'Accept-Language': state.language };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && state.session) headers['X-CSRF-Token'] = state.session.csrf;
  if (key) headers['Idempotency-Key'] = key;
  let answer;
  try {
    answer = await fetch('/api/v1' + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Error(t('unreachable'));
  }
  const json = answer.status === 204 ? null : await answer.json();
  if (answer.ok) return json;
  if (answer.status === 401 && path !== '/session') signedOut();
  const error = new Error(json.detail);
  error.status = answer.status;
  throw error;
}

// The same press of a button is one wish, however often the network makes us say it.
async function write(path, body) {
  const key = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random();
  try {
    const answer = await api('POST', path, body, key);
    draw();
    return answer;
  } catch (error) {
    tell(error.message);
    return null;
  }
}

const now = () => Date.now() + state.offset;
function length(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  if (h > 0) return `${h} ${t('h')} ${m} ${t('min')}`;
  return m > 0 ? `${m} ${t('min')} ${seconds % 60} ${t('s')}` : `${seconds % 60} ${t('s')}`;
}

// A countdown that goes on by itself; `from` gives the bar its beginning.
function clock(due, from, what) {
  if (!due) return null;
  const text = el('span', { class: 'clock' });
  const bar = el('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const track = el('div', { class: 'track' }, bar);
  const node = el('div', { 'data-due': due }, text, track);
  const end = Date.parse(due);
  const begin = from ? Date.parse(from) : end - 600000;
  node.tick = () => {
    const left = end - now();
    const share = Math.min(1, Math.max(0, left / Math.max(1, end - begin)));
    const kind = left < 0 ? 'late' : share < 0.2 ? 'soon' : '';
    text.className = 'clock ' + kind;
    text.textContent = left < 0 ? `${t('over')} +${length(-left)}` : `${t('left')} ${length(left)} ${what || ''}`;
    track.className = 'track ' + kind;
    bar.value = left < 0 ? 1 : 1 - share;
  };
  node.tick();
  return node;
}
setInterval(() => document.querySelectorAll('[data-due]').forEach((node) => node.tick && node.tick()), 1000);

function marks(incident) {
  return [
    incident.severity === 'danger' ? el('span', { class: 'mark danger' }, '⚠ ') : null,
    incident.drill ? el('span', { class: 'mark soon' }, '◇ ' + t('drillMark')) : null,
    incident.silent ? el('span', { class: 'mark' }, '◌ ' + t('silentMark')) : null,
    incident.state === 'contained' ? el('span', { class: 'mark good' }, '✓ ' + t('contained')) : null,
  ];
}

function answers(incident, step) {
  return step.asks.values.map((value, i) => el('button', {
    type: 'button', class: 'quiet', on: { click: () => write(`/incidents/${incident}/facts`, { set: { [step.asks.fact]: value } }) },
  }, say(step.asks.labels[i])));
}

function stepCard(incident, step, first) {
  const path = `/incidents/${incident}/steps/${step.id}`;
  const mark = (status) => () => write(path, { state: status });
  const skip = () => {
    const reason = window.prompt(t('why'));
    if (reason) write(path, { state: 'skipped', reason });
  };
  return el('li', { class: 'card' + (first ? ' first' : '') },
    el('p', { class: 'do' }, step.asks ? say(step.asks.question) : say(step.text)),
    step.why ? el('p', { class: 'soft' }, say(step.why)) : null,
    step.call && step.call.number ? el('p', {}, el('a', { href: 'tel:' + step.call.number }, `☎ ${t('call')} ${say(step.call.name)} ${step.call.number}`)) : null,
    step.call && step.call.say ? el('div', { class: 'say' }, say(step.call.say)) : null,
    clock(step.due, step.opened),
    el('div', { class: 'actions' },
      step.asks ? answers(incident, step) : el('button', { type: 'button', on: { click: mark('done') } }, '✓ ' + t('done')),
      step.asks || step.state === 'started' ? null : el('button', { type: 'button', class: 'quiet', on: { click: mark('started') } }, t('started')),
      el('button', { type: 'button', class: 'quiet', on: { click: skip } }, t('skip'))));
}

function incidentRow(incident) {
  return el('li', { class: 'card' },
    el('a', { class: 'cover', href: '/incidents/' + incident.id, on: { click: (event) => { event.preventDefault(); go('/incidents/' + incident.id); } } },
      el('div', {}, marks(incident), el('span', { class: 'do' }, say(incident.title)), ' ', el('span', { class: 'soft' }, say(incident.unit_name))),
      clock(incident.next_due, incident.declared.at)));
}

async function drawHome(stamp) {
  const [incidents, steps, notices] = await Promise.all([
    api('GET', '/incidents?state=open'), api('GET', '/me/steps?limit=20'), api('GET', '/me/notices?limit=20')]);
  const contained = await api('GET', '/incidents?state=contained');
  state.offset = Date.parse(steps.now) - Date.now();
  if (stamp !== state.draw) return;
  const open = incidents.items.concat(contained.items);
  const unread = notices.items.filter((item) => !item.notice.ladder.acknowledged);
  $('main').replaceChildren(el('div', { class: 'two' },
    el('section', {},
      el('h1', {}, t('mine')),
      steps.items.length === 0 ? el('p', { class: 'soft' }, t('nothing')) : el('ul', { class: 'cards' },
        steps.items.map((item, i) => stepCard(item.incident, item.step, i === 0))),
      unread.length === 0 ? null : el('h2', {}, t('told')),
      el('ul', { class: 'list' }, unread.map((item) => el('li', {}, `${say(item.title)} · ${say(item.unit_name)} `,
        el('button', { type: 'button', class: 'plain', on: { click: () => write(`/notices/${item.notice.id}/ack`, {}) } }, t('ack')))))),
    el('section', {},
      el('h1', {}, t('open')),
      open.length === 0 ? el('p', { class: 'soft' }, t('none')) : el('ul', { class: 'cards' }, open.map(incidentRow)),
      el('div', { class: 'actions' }, el('button', { type: 'button', on: { click: () => go('/?declare') } }, t('declare'))))));
}

async function drawDeclare(stamp) {
  if (state.units.length === 0) {
    state.units = (await api('GET', '/units')).items;
    state.plans = (await api('GET', '/plans')).items;
  }
  if (stamp !== state.draw) return;
  const unit = el('select', { name: 'unit', required: true }, state.units.map((one) =>
    el('option', { value: one.id, selected: one.id === state.session.unit }, say(one.name))));
  const type = el('select', { name: 'type', required: true }, state.plans.map((plan) => el('option', { value: plan.id }, say(plan.title))));
  const note = el('textarea', { name: 'note', rows: 3, maxlength: 4000 });
  const drill = el('input', { type: 'checkbox', name: 'drill' });
  const send = async (event) => {
    event.preventDefault();
    event.submitter.disabled = true;
    const made = await write('/incidents', { unit: unit.value, type: type.value, note: note.value, drill: drill.checked });
    event.submitter.disabled = false;
    if (made) go('/incidents/' + made.id);
  };
  $('main').replaceChildren(el('form', { class: 'narrow', on: { submit: send } },
    el('h1', {}, t('declare')),
    el('label', {}, el('span', {}, t('type')), type),
    el('label', {}, el('span', {}, t('unit')), unit),
    el('label', {}, el('span', {}, t('note')), note),
    el('label', {}, drill, t('drill')),
    el('div', { class: 'actions' }, el('button', {}, t('start')),
      el('button', { type: 'button', class: 'quiet', on: { click: () => go('/') } }, t('back')))));
}

async function drawIncident(stamp, id) {
  const incident = await api('GET', '/incidents/' + id);
  if (stamp !== state.draw) return;
  const active = incident.steps.filter((step) => step.state === 'open' || step.state === 'started');
  active.sort((a, b) => (Date.parse(a.due) || Infinity) - (Date.parse(b.due) || Infinity));
  const rest = incident.steps.filter((step) => !active.includes(step) && (step.state !== 'waiting' || step.applies));
  const ends = incident.state === 'closed' || incident.state === 'retracted';
  const next = incident.escalations.filter((one) => one.due && !one.stopped && Date.parse(one.due) > now());
  const act = (path) => () => write(`/incidents/${id}${path}`, {});
  $('main').replaceChildren(
    el('button', { type: 'button', class: 'plain', on: { click: () => go('/') } }, '← ' + t('back')),
    el('h1', {}, marks(incident), say(incident.title), ' ', el('span', { class: 'soft' }, say(incident.unit_name))),
    el('div', { class: 'two' },
      el('section', {},
        incident.prohibitions.map((one) => el('div', { class: 'never' }, '⛔ ' + say(one.text))),
        el('ul', { class: 'cards' }, ends ? [] : active.map((step, i) => stepCard(id, step, i === 0))),
        el('h2', {}, t('others')),
        el('ul', { class: 'list' }, rest.map((step) => el('li', {},
          el('span', { class: 'mark ' + (step.state === 'done' ? 'good' : '') }, step.state === 'done' ? '✓ ' + t('done_') : step.state === 'waiting' ? '… ' + t('waiting') : step.state), say(step.text))))),
      el('section', {},
        ends || next.length === 0 ? null : el('h2', {}, t('next')),
        ends ? null : next.map((one) => el('div', { class: 'card' }, el('p', {}, say(one.text)), clock(one.due, incident.declared.at))),
        incident.scripts.length === 0 ? null : el('h2', {}, t('say')),
        incident.scripts.map((one) => el('div', { class: 'say' }, say(one.text))),
        el('h2', {}, t('gates')),
        el('ul', { class: 'list' }, incident.gates.map((gate) => el('li', { class: gate.met ? 'good' : '' }, (gate.met ? '✓ ' : '○ ') + say(gate.text)))),
        ends ? null : el('div', { class: 'actions' },
          el('button', { type: 'button', class: 'quiet', on: { click: act('/close') } }, t('close')),
          now() - Date.parse(incident.declared.at) < 60000 ? el('button', { type: 'button', class: 'quiet', on: { click: act('/retract') } }, t('retract')) : null))));
}

function drawSignIn() {
  const user = el('input', { name: 'user', autocomplete: 'username', required: true, autocapitalize: 'none' });
  const password = el('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const send = async (event) => {
    event.preventDefault();
    try {
      state.session = await api('POST', '/session', { user: user.value.trim(), password: password.value });
      delete state.session.token;
      signedIn();
    } catch (error) {
      tell(error.message);
      password.select();
    }
  };
  $('main').replaceChildren(el('form', { class: 'narrow', on: { submit: send } },
    el('h1', {}, t('signIn')),
    el('label', {}, el('span', {}, t('user')), user),
    el('label', {}, el('span', {}, t('password')), password),
    el('button', {}, t('signIn'))));
  user.focus();
}

function go(path) {
  history.pushState(null, '', path);
  draw();
}

async function draw() {
  const stamp = ++state.draw;
  document.documentElement.lang = state.language;
  $('language').textContent = t('other');
  $('leave').textContent = t('leave');
  $('leave').hidden = !state.session;
  $('who').textContent = state.session ? state.session.name || state.session.person : '';
  if (!state.session) return drawSignIn();
  try {
    const link = location.pathname.match(/^\/incidents\/([0-9a-f-]{36})$/);
    if (link) await drawIncident(stamp, link[1]);
    else if (location.search === '?declare') await drawDeclare(stamp);
    else await drawHome(stamp);
  } catch (error) {
    tell(error.message);
  }
}

let redrawTimer = 0;
function listen() {
  state.stream = new EventSource('/api/v1/stream');
  state.stream.onopen = () => { $('stale').hidden = true; draw(); };
  state.stream.onerror = () => { $('stale').textContent = t('stale'); $('stale').hidden = false; };
  state.stream.onmessage = () => {
    // Somebody is writing here: what is new waits for the next page.
    if (location.search === '?declare') return;
    clearTimeout(redrawTimer);
    redrawTimer = setTimeout(draw, 200);
  };
}

function signedIn() {
  listen();
  draw();
}

function signedOut() {
  if (!state.session) return;
  state.session = null;
  if (state.stream) state.stream.close();
  tell(t('gone'));
  draw();
}

$('language').addEventListener('click', () => {
  state.language = state.language === 'zh' ? 'en' : 'zh';
  localStorage.setItem('language', state.language);
  draw();
});
$('leave').addEventListener('click', async () => {
  try { await api('DELETE', '/session'); } catch (error) { tell(error.message); }
  signedOut();
});
$('home').addEventListener('click', (event) => { event.preventDefault(); go('/'); });
window.addEventListener('popstate', draw);

(async () => {
  try {
    state.session = await api('GET', '/session');
    signedIn();
  } catch {
    draw();
  }
})();
