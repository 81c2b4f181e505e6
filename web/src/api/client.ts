// The typed way to the program: every path, parameter, body and answer is checked against its OpenAPI description.
import type { paths } from './schema'
import { Problem, problemOf, unreachable } from './problem'

type Method = 'get' | 'post' | 'put' | 'delete'
type Op<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never
}[keyof paths]
type Body<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never
type PathOf<O> = O extends { parameters: { path: infer V } } ? V : undefined
type QueryOf<O> = O extends { parameters: { query?: infer V } } ? V : never
type Content<R> = R extends { content: infer C } ? (C extends { 'application/json': infer J } ? J : unknown) : undefined
type Answer<O> = O extends { responses: infer R }
  ? R extends { 200: infer A }
    ? Content<A>
    : R extends { 201: infer B }
      ? Content<B>
      : undefined
  : never

export interface ReadOptions<O> {
  path?: PathOf<O>
  query?: QueryOf<O>
  signal?: AbortSignal
}
export interface WriteOptions<O> extends ReadOptions<O> {
  body?: Body<O>
  // Belongs to the business action, not to the attempt: made once, kept with what was entered, sent again unchanged.
  key?: string
  role?: string
}

interface Identity {
  csrf: string | null
  language: string
  onSignedOut: () => void
  // The node wants the password once more before it changes this. True: it has it now.
  onConfirm: () => Promise<boolean>
}

export const identity: Identity = {
  csrf: null,
  language: 'zh',
  onSignedOut: () => undefined,
  onConfirm: () => Promise.resolve(false),
}

export const kTimeoutMs = 15_000

// One for each business action. `randomUUID` needs a secure origin, which a hall node need not be yet.
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function urlOf(template: string, path?: unknown, query?: unknown): string {
  const filled = template.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String((path as Record<string, unknown>)[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${filled}?${text}` : filled
}

export interface RawRequest {
  method: Method
  url: string
  body?: unknown
  key?: string
  role?: string
  signal?: AbortSignal
}

// Throws Problem and nothing else.
export async function request(raw: RawRequest): Promise<Response> {
  try {
    return await attempt(raw)
  } catch (error) {
    const asked = error instanceof Problem && error.code === 'auth.confirm-needed'
    if (!asked || !(await identity.onConfirm())) throw error
    return attempt(raw)
  }
}

async function attempt(raw: RawRequest): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': identity.language }
  let body: BodyInit | undefined
  if (raw.body instanceof Blob) {
    headers['Content-Type'] = raw.body.type
    body = raw.body
  } else if (raw.method === 'post' || raw.method === 'put') {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(raw.body ?? {})
  }
  if (raw.method !== 'get' && identity.csrf) headers['X-CSRF-Token'] = identity.csrf
  if (raw.key) headers['Idempotency-Key'] = raw.key
  if (raw.role) headers['X-Acting-Role'] = raw.role
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), kTimeoutMs)
  raw.signal?.addEventListener('abort', () => timeout.abort())
  let response: Response
  try {
    response = await fetch(raw.url, {
      method: raw.method.toUpperCase(),
      headers,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: timeout.signal,
    })
  } catch {
    throw unreachable()
  } finally {
    clearTimeout(timer)
  }
  if (response.ok) return response
  const problem = await problemOf(response)
  // A wrong password is no end of the session.
  if (problem.signedOut && problem.code !== 'auth.bad-credentials') identity.onSignedOut()
  throw problem
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  try {
    return await response.json()
  } catch {
    throw new Problem(0, 'net.broken-answer', {
      zh: '回答没有收全，请重试',
      en: 'The answer did not arrive whole; try again',
    })
  }
}

export const api = {
  async get<P extends PathsWith<'get'>>(path: P, options: ReadOptions<Op<P, 'get'>> = {}) {
    const url = urlOf(path, options.path, options.query)
    return (await answerOf(await request({ method: 'get', url, signal: options.signal }))) as Answer<Op<P, 'get'>>
  },
  async post<P extends PathsWith<'post'>>(path: P, options: WriteOptions<Op<P, 'post'>> = {}) {
    return (await send('post', path, options)) as Answer<Op<P, 'post'>>
  },
  async put<P extends PathsWith<'put'>>(path: P, options: WriteOptions<Op<P, 'put'>> = {}) {
    return (await send('put', path, options)) as Answer<Op<P, 'put'>>
  },
  async delete<P extends PathsWith<'delete'>>(path: P, options: WriteOptions<Op<P, 'delete'>> = {}) {
    return (await send('delete', path, options)) as Answer<Op<P, 'delete'>>
  },
}

async function send(method: Method, path: string, options: WriteOptions<unknown>): Promise<unknown> {
  const url = urlOf(path, options.path, options.query)
  const { body, key, role, signal } = options
  return answerOf(await request({ method, url, body, key, role, signal }))
}
