// What waits on this device is sent by one of these: one pass at a time (in one page at a time, where the browser has
// locks; where not, keys and ids still hold), once more where something came in meanwhile, later when out of reach.
import { effectScope, watch } from 'vue'
import { identity } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import { useSession } from '@/store/session'
import { useLive } from '@/stream/live'

const kRetryMs = [2000, 4000, 8000, 15_000, 30_000]
const kLongestMs = 30_000

export interface Sending {
  lock: string
  pass(): Promise<boolean> // false: stop for now
  able?(): boolean
  onPerson?(): Promise<void>
}

export function makeSender({ lock, pass, able = () => true, onPerson = async () => undefined }: Sending) {
  const session = useSession()
  const live = useLive()
  let running: Promise<void> | null = null
  let again = false
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let started = false

  async function passes(): Promise<void> {
    do again = false
    while ((await pass()) && again)
  }

  function flush(): Promise<void> {
    if (running) {
      again = true
      return running
    }
    clearTimeout(timer)
    if (!able()) return Promise.resolve()
    const work = navigator.locks ? navigator.locks.request(lock, passes) : passes()
    running = Promise.resolve(work)
      .then(() => undefined)
      .catch(() => undefined)
      .finally(() => (running = null))
    return running
  }
  function after(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms)
  }
  function later(leastMs = 0): void {
    after(Math.max(leastMs, kRetryMs[Math.min(tries++, kRetryMs.length - 1)] ?? kLongestMs))
  }
  const soon = (): void => after(kRetryMs[0] ?? kLongestMs)
  function fresh(): void {
    tries = 0
  }

  async function signedIn(): Promise<boolean> {
    if (!identity.csrf) await session.confirm()
    if (!session.confirmed) later()
    return session.confirmed
  }
  // Whether the pass goes on with the next one.
  async function failed(error: unknown, refuse: (problem: Problem) => Promise<void>): Promise<boolean> {
    const problem = asProblem(error)
    if (problem.signedOut) return false
    if (problem.transient) {
      later((problem.retryAfterSeconds ?? 0) * 1000)
      return false
    }
    await refuse(problem)
    return true
  }

  // From now on, by itself; outlives the page that says so.
  function start(): void {
    if (started) return
    started = true
    window.addEventListener('online', () => void flush())
    effectScope(true).run(() => {
      watch(
        () => live.state,
        (state) => {
          if (state === 'live') void flush()
        },
      )
      watch(() => session.who?.person, () => void onPerson().then(flush), { immediate: true })
    })
  }

  return { flush, later, soon, fresh, signedIn, failed, start }
}
