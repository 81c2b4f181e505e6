// What the counter needs to take orders, from the node or as last kept: the businesses, the outage at hand, numbers.
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import type { Organisation, Text } from '@/api/types'
import { asProblem, type Problem } from '@/api/problem'
import { zoneMinutes } from '@/i18n/time'
import { askOrKept } from '@/offline/kept'
import { newOrderId, useOrderBox, type Draft } from '@/offline/orderBox'
import { numbersLeft, refillNumbers } from '@/offline/numbers'
import { canSeal } from '@/offline/seal'
import type { BusinessType, Order, OrderKind } from '@/orders/types'
import { useClock } from '@/store/clock'
import { useOrg } from '@/store/org'
import { useSession } from '@/store/session'
import { useLive } from '@/stream/live'
import { useLiveData } from '@/stream/useLiveData'

export interface Outage {
  id: string
  title: Text
  drill: boolean
}
const kRecent = 20
const kLook = 6
const kZone = 480 // China's; the node's own once it has spoken

async function outageOf(unit: string): Promise<Outage | null> {
  const page = await api.get('/api/v1/incidents', { query: { unit, limit: 50 } })
  const open = page.items.filter((row) => (row.state === 'open' || row.state === 'contained') && !row.silent)
  for (const row of open.slice(0, kLook)) {
    const whole = await api.get('/api/v1/incidents/{id}', { path: { id: row.id } })
    if (whole.steps.some((step) => step.opens === 'acceptance')) return { id: row.id, title: row.title, drill: row.drill }
  }
  return null
}

export function useTaking() {
  const session = useSession()
  const org = useOrg()
  const live = useLive()
  const clock = useClock()
  const box = useOrderBox()
  const who = session.who
  if (!who) throw new Error('orders are taken by somebody who is signed in')
  const { person, unit } = who
  box.start()

  const types = shallowRef<BusinessType[] | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const keptSince = ref<number | null>(null)
  const outage = shallowRef<Outage | null>(null)
  const left = ref<number | null>(null)
  const zone = ref(kZone)

  async function load(): Promise<void> {
    problem.value = null
    try {
      const found = await askOrKept(person, 'business-types', async () => (await api.get('/api/v1/business-types')).items as unknown as BusinessType[])
      types.value = found.value
      keptSince.value = found.kept ? found.at : null
    } catch (error) {
      problem.value = asProblem(error)
    }
    const organisation = await askOrKept<Organisation>(person, 'org', () => api.get('/api/v1/org')).catch(() => null)
    if (organisation) org.take(organisation.value)
    outage.value = (await askOrKept(person, 'outage', () => outageOf(unit)).catch(() => null))?.value ?? null
  }
  async function refill(): Promise<void> {
    await refillNumbers(unit).catch(() => undefined)
    left.value = await numbersLeft(unit).catch(() => 0)
  }

  const recent = useLiveData<Order[]>(
    async () => {
      const found = await askOrKept(person, 'orders', async () => (await api.get('/api/v1/orders', { query: { unit, limit: kRecent } })).items as unknown as Order[])
      const at = found.value[0]?.taken
      if (at) zone.value = zoneMinutes(at)
      return found.value
    },
    (record) => record.unit === unit && record.events.some((event) => 'order' in event),
  )
  const arrived = () => void recent.refresh()
  box.onArrived.add(arrived)
  onScopeDispose(() => box.onArrived.delete(arrived))
  watch(
    () => live.state,
    (state) => {
      if (state === 'live') void load().then(refill)
      void recent.refresh()
    },
  )
  void load().then(refill)

  const reachable = computed(() => live.state !== 'stale' && keptSince.value === null && navigator.onLine)
  const nameOf = (business: string): Text => types.value?.find((type) => type.id === business)?.title ?? { zh: business, en: business }

  function draftOf(type: BusinessType, kind: OrderKind): Draft {
    return {
      id: newOrderId(),
      unit,
      business: type.id,
      kind,
      incident: outage.value?.id ?? null,
      district: '',
      promise: null,
      due: null,
      number: null,
      device: '',
      takenAt: null,
      name: '',
      mobile: '',
      fields: {},
      documents: [],
      signature: '',
    }
  }
  return { person, unit, box, clock, types, problem, keptSince, outage, left, zone, recent, reachable, sealed: canSeal(), load, refill, nameOf, draftOf }
}
export type Taking = ReturnType<typeof useTaking>
