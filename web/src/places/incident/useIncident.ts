// One incident, live, and what people do to it. Every write answers with the whole incident, which is shown at once.
import { computed, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { useAction } from '@/api/action'
import type { FactValue, Incident, StreamRecord } from '@/api/types'
import { useLiveData } from '@/stream/useLiveData'

type Mark = { step: string; state: 'done' | 'started' | 'skipped'; reason?: string; note?: string }
type Fact = { set: Record<string, FactValue>; reason?: string }

export function useIncident(id: Ref<string>) {
  const fresh = shallowRef<Incident | null>(null)
  const live = useLiveData(
    async () => (id.value ? await api.get('/api/v1/incidents/{id}', { path: { id: id.value } }) : null),
    (record) => record.incident === id.value || related(record.incident) || ofOrders(record),
  )
  const incident = computed(() => fresh.value ?? live.data.value)
  watch(live.data, () => (fresh.value = null))
  watch(id, () => {
    fresh.value = null
    live.data.value = null
    void live.refresh()
  })

  function related(other: string | null): boolean {
    const now = live.data.value
    return !!now && other !== null && (now.parent === other || now.children.some((child) => child.id === other))
  }
  // Orders have records of their own, beside the incident; a gate may wait for them.
  function ofOrders(record: StreamRecord): boolean {
    const now = live.data.value
    return record.incident === null && record.unit === now?.unit && now.steps.some((step) => step.opens === 'acceptance')
  }
  const path = () => ({ id: id.value })
  function keep(answer: Incident): Incident {
    if (answer.id === id.value) fresh.value = answer
    return answer
  }

  const mark = useAction(async ({ step, ...body }: Mark, key) =>
    keep(await api.post('/api/v1/incidents/{id}/steps/{step}', { path: { ...path(), step }, body, key })),
  )
  const state = useAction(async (body: Fact, key) =>
    keep(await api.post('/api/v1/incidents/{id}/facts', { path: path(), body, key })),
  )
  // `skip`: one reason for the demanded steps that are still open and no musts; empty where there are none.
  const close = useAction(async (skip: string, key) =>
    keep(await api.post('/api/v1/incidents/{id}/close', { path: path(), body: skip ? { skip } : {}, key })),
  )
  const reopen = useAction(async (reason: string, key) =>
    keep(await api.post('/api/v1/incidents/{id}/reopen', { path: path(), body: { reason }, key })),
  )
  const progress = useAction(async (text: string, key) =>
    keep(await api.post('/api/v1/incidents/{id}/progress', { path: path(), body: { text }, key })),
  )
  const acknowledge = useAction(async (notice: string, key) => {
    await api.post('/api/v1/notices/{id}/ack', { path: { id: notice }, body: {}, key })
    await live.refresh()
  })

  return { incident, loading: live.loading, problem: live.problem, refresh: live.refresh, mark, state, close, reopen, progress, acknowledge }
}

export type IncidentWork = ReturnType<typeof useIncident>
