import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { identity } from '@/api/client'
import { useSession } from '@/store/session'
import { db } from './phoneStore'
import { useOutbox } from './outbox'

const kSession = { person: 'p', roles: ['guard'], unit: 'hall-a', must_change: false, csrf: 'c', expires: '2026-11-24T10:00:00+08:00' }
interface Seen {
  url: string
  key: string
  body: unknown
}
let seen: Seen[]
let answers: (() => Response | Promise<Response>)[]

const ok = () => new Response('{"id":"i"}', { status: 200 })
const lost = () => Promise.reject(new TypeError('no network'))
const refused = () =>
  new Response(JSON.stringify({ code: 'step.already-done', message: { zh: '已经做完了', en: 'It is done already' } }), { status: 409 })

beforeEach(async () => {
  setActivePinia(createPinia())
  await db.outbox.clear()
  localStorage.clear()
  seen = []
  answers = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>
    seen.push({ url, key: headers['Idempotency-Key'] ?? '', body: JSON.parse(String(init.body)) })
    return Promise.resolve((answers.shift() ?? ok)())
  })
  useSession().take(kSession)
})
afterEach(() => {
  vi.unstubAllGlobals()
  identity.csrf = null
})

const entry = (n: number) => ({ url: `/api/v1/${n}`, body: { n }, label: { zh: '', en: '' }, target: `t:${n}` })

async function addOffline(...numbers: number[]): Promise<ReturnType<typeof useOutbox>> {
  const outbox = useOutbox()
  for (const n of numbers) {
    answers = [lost]
    await outbox.add(entry(n))
    await outbox.flush()
  }
  answers = []
  seen = []
  return outbox
}

it('sends what waited in the order of entry, each once, each under the key that it was kept with', async () => {
  const outbox = await addOffline(1, 2, 3)
  const keys = (await db.outbox.toArray()).map((each) => each.key)
  await outbox.flush()
  await outbox.flush()
  expect(seen.map((each) => each.url)).toEqual(['/api/v1/1', '/api/v1/2', '/api/v1/3'])
  expect(seen.map((each) => each.key)).toEqual(keys)
  expect(await db.outbox.count()).toBe(0)
})

it('stops at the first that does not get through, so that nothing overtakes', async () => {
  const outbox = await addOffline(1, 2)
  answers = [ok, lost]
  await outbox.flush()
  expect(outbox.waiting.map((each) => each.url)).toEqual(['/api/v1/2'])
  const key = outbox.waiting[0]?.key
  await outbox.flush()
  expect(seen.filter((each) => each.url === '/api/v1/2').map((each) => each.key)).toEqual([key, key])
})

it('survives a page that was closed before the answer came: the same key goes out again', async () => {
  await addOffline(1)
  const key = (await db.outbox.toArray())[0]?.key
  setActivePinia(createPinia())
  useSession().take(kSession)
  await useOutbox().flush()
  expect(seen.map((each) => each.key)).toEqual([key])
})

it('keeps a refusal for the person to see, with its reason, and goes on with the next', async () => {
  const outbox = await addOffline(1, 2)
  answers = [refused, ok]
  await outbox.flush()
  expect(outbox.refused.map((each) => [each.url, each.refusal?.zh])).toEqual([['/api/v1/1', '已经做完了']])
  expect(outbox.waiting).toEqual([])
  setActivePinia(createPinia())
  useSession().take(kSession)
  const later = useOutbox()
  await later.flush()
  expect(later.refused).toHaveLength(1)
  expect(seen).toHaveLength(2)
  await later.drop(later.refused[0]!)
  expect(await db.outbox.count()).toBe(0)
})

it('never sends under another person', async () => {
  await addOffline(1)
  setActivePinia(createPinia())
  useSession().take({ ...kSession, person: 'q' })
  const outbox = useOutbox()
  await outbox.flush()
  expect(seen).toEqual([])
  expect(outbox.shown).toEqual([])
})

it('shows nothing of a silent plan among what waits', async () => {
  const outbox = useOutbox()
  answers = [lost]
  await outbox.add({ ...entry(1), quiet: true })
  await outbox.flush()
  expect(outbox.shown).toEqual([])
  expect(outbox.waiting).toHaveLength(1)
})

it('works, and says so, where the browser keeps nothing', async () => {
  const add = vi.spyOn(db.outbox, 'add').mockRejectedValueOnce(new Error('QuotaExceeded') as never)
  const outbox = useOutbox()
  answers = [lost]
  await outbox.add(entry(1))
  await outbox.flush()
  expect(outbox.lost).toBe(true)
  await outbox.flush()
  expect(seen.map((each) => each.url)).toEqual(['/api/v1/1', '/api/v1/1'])
  expect(seen[0]?.key).toBe(seen[1]?.key)
  expect(outbox.entries).toEqual([])
  add.mockRestore()
})
