// Data that is asked for once and again whenever the stream says that something of it has changed.
import { onScopeDispose, ref, shallowRef } from 'vue'
import type { StreamRecord } from '@/api/types'
import { asProblem, type Problem } from '@/api/problem'
import { useLive } from './live'

// `concerns`: does this record change what was loaded? Bursts are joined; an answer that was overtaken is thrown away.
export function useLiveData<T>(load: () => Promise<T>, concerns: (record: StreamRecord) => boolean = () => true) {
  const data = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(true)
  const live = useLive()
  let running = false
  let again = false
  let ended = false

  async function refresh(): Promise<void> {
    if (running) {
      again = true
      return
    }
    running = true
    try {
      do {
        again = false
        const fresh = await load()
        if (ended) return
        data.value = fresh
        problem.value = null
      } while (again)
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      running = false
      loading.value = false
    }
  }

  const heard = (record: StreamRecord) => {
    if (concerns(record)) void refresh()
  }
  const resync = () => void refresh()
  live.onRecord.add(heard)
  live.onResync.add(resync)
  onScopeDispose(() => {
    ended = true
    live.onRecord.delete(heard)
    live.onResync.delete(resync)
  })
  void refresh()
  return { data, problem, loading, refresh }
}
