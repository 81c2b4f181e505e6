import { afterEach, expect, it, vi } from 'vitest'
import { api, identity, newKey, urlOf } from './client'
import { Problem } from './problem'
import { useAction } from './action'

afterEach(() => vi.unstubAllGlobals())

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return vi.fn(async (url: string, request: RequestInit) => {
    if (!url || !request) throw new Error('fetch needs both')
    return new Response(JSON.stringify(body), { status, headers })
  })
}

it('fills paths and queries, escaping what people type', () => {
  expect(urlOf('/a/{id}/b/{n}', { id: 'x/y', n: 2 }, { q: '厅 a', none: undefined })).toBe('/a/x%2Fy/b/2?q=%E5%8E%85+a')
})

it('makes keys that the program accepts, never twice the same', () => {
  const keys = new Set(Array.from({ length: 100 }, newKey))
  expect(keys.size).toBe(100)
  for (const key of keys) expect(key).toMatch(/^[!-~]{1,200}$/)
})

it('sends the token against forged requests with writes only, the key as given', async () => {
  identity.csrf = 'token'
  const fetch = answer(200, { items: [] })
  vi.stubGlobal('fetch', fetch)
  await api.get('/api/v1/plans')
  await api.post('/api/v1/notices/{id}/ack', { path: { id: 'n' }, key: 'k1' })
  const headers = (call: number) => (fetch.mock.calls[call]?.[1] as RequestInit).headers as Record<string, string>
  expect(headers(0)['X-CSRF-Token']).toBeUndefined()
  expect(headers(1)).toMatchObject({ 'X-CSRF-Token': 'token', 'Idempotency-Key': 'k1' })
})

it('turns a refusal into a problem with both languages, and no network into one that may be tried again', async () => {
  const message = { zh: '没有这家营业厅', en: 'Expected a known hall' }
  vi.stubGlobal('fetch', answer(404, { code: 'unit.not-found', message, status: 404 }))
  const refused = await api.get('/api/v1/units/{id}', { path: { id: 'x' } }).catch((e: unknown) => e as Problem)
  expect(refused).toMatchObject({ code: 'unit.not-found', text: message, transient: false })
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('failed')))
  const lost = await api.get('/api/v1/plans').catch((e: unknown) => e as Problem)
  expect(lost).toMatchObject({ status: 0, transient: true })
})

it('keeps one key for one action over every repeat, and makes another for other words', async () => {
  const keys: string[] = []
  let fail = true
  const action = useAction(async (_words: string, key: string) => {
    keys.push(key)
    if (fail) throw new Problem(0, 'net.unreachable', { zh: '', en: '' })
  })
  await action.go('same')
  await action.go('same')
  await action.go('other')
  fail = false
  await action.go('other')
  await action.go('other')
  expect(keys[0]).toBe(keys[1])
  expect(keys[2]).not.toBe(keys[1])
  expect(keys[3]).toBe(keys[2])
  expect(keys[4], 'done once: the next time is a new action').not.toBe(keys[3])
})

it('asks for the password where the node wants it, and does once what was asked for', async () => {
  const again = { code: 'auth.confirm-needed', message: { zh: '再输', en: 'again' }, status: 403 }
  let given = false
  const fetch = vi.fn(async () => new Response(JSON.stringify(given ? { version: 2 } : again), { status: given ? 200 : 403 }))
  vi.stubGlobal('fetch', fetch)
  const put = () => api.delete('/api/v1/people/{id}', { path: { id: 'x' }, key: 'k' })
  identity.onConfirm = async () => false
  await expect(put()).rejects.toMatchObject({ code: 'auth.confirm-needed' })
  expect(fetch).toHaveBeenCalledTimes(1)
  identity.onConfirm = async () => (given = true)
  await put()
  expect(fetch).toHaveBeenCalledTimes(3)
  identity.onConfirm = async () => false
})

it('takes a wrong password for no end of the session', async () => {
  const ended = vi.fn()
  identity.onSignedOut = ended
  const wrong = { code: 'auth.bad-credentials', message: { zh: '不对', en: 'wrong' }, status: 401 }
  vi.stubGlobal('fetch', answer(401, wrong))
  await api.post('/api/v1/session/confirm', { body: { password: 'x' } }).catch(() => undefined)
  expect(ended).not.toHaveBeenCalled()
  vi.stubGlobal('fetch', answer(401, { ...wrong, code: 'auth.required' }))
  await api.get('/api/v1/plans').catch(() => undefined)
  expect(ended).toHaveBeenCalledTimes(1)
  identity.onSignedOut = () => undefined
})
