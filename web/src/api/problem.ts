import type { components } from './schema'

export type ProblemBody = components['schemas']['Problem']

// What the program refused, or why it could not be reached. `message` is in both languages wherever the program spoke.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: { zh: string; en: string },
    readonly body: ProblemBody | null = null,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(text.en)
  }

  // The node was not reached at all, or could not take anything just now: the same action may be sent again.
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
  get signedOut(): boolean {
    return this.status === 401
  }
}

export function unreachable(): Problem {
  return new Problem(0, 'net.unreachable', {
    zh: '连不上节点，请看看网络',
    en: 'The node cannot be reached; look at the network',
  })
}

export async function problemOf(response: Response): Promise<Problem> {
  const wait = Number(response.headers.get('Retry-After'))
  const after = Number.isFinite(wait) && wait > 0 ? wait : null
  const body = (await response.json().catch(() => null)) as ProblemBody | null
  if (body?.code && body.message) return new Problem(response.status, body.code, body.message, body, after)
  return new Problem(
    response.status,
    'net.unexpected',
    { zh: `节点回答异常（${response.status}）`, en: `The node gave an unexpected answer (${response.status})` },
    null,
    after,
  )
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(0, 'page.failed', { zh: '页面出错，请重试', en: 'The page failed; try again' })
}
