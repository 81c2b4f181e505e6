// What all parts of the orders' desk share: the hall, the businesses by name, the order that is open beside the list.
import { computed, ref, shallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api } from '@/api/client'
import type { StreamRecord, Text } from '@/api/types'
import { useWords } from '@/i18n'
import { sayMoment } from '@/i18n/time'
import { kTakers } from '@/orders/roles'
import { usualDue, zoneOf } from '@/orders/promise'
import type { BusinessType, Order } from '@/orders/types'
import { useClock } from '@/store/clock'
import { useOrg } from '@/store/org'
import { kLeaders, useSession } from '@/store/session'

const kZone = 480

export function useDesk() {
  const session = useSession()
  const org = useOrg()
  const clock = useClock()
  const route = useRoute()
  const router = useRouter()
  const { lang } = useWords()

  const halls = computed(() => (org.org?.units ?? []).filter((each) => each.kind === 'hall'))
  const unit = computed(() => (session.inHall ? (session.who?.unit ?? '') : String(route.query.unit ?? halls.value[0]?.id ?? '')))
  const types = shallowRef<BusinessType[]>([])
  const typeOf = (id: string) => types.value.find((type) => type.id === id)
  const nameOf = (id: string): Text => typeOf(id)?.title ?? { zh: id, en: id }
  async function loadTypes(): Promise<void> {
    types.value = (await api.get('/api/v1/business-types')).items as unknown as BusinessType[]
  }
  void loadTypes().catch(() => undefined)
  void org.load().catch(() => undefined)

  const opened = ref<string | null>(null)
  // Any record of the hall's own log may change what the lists show; incidents have pages of their own.
  const concerns = (record: StreamRecord) => record.unit === unit.value && record.incident === null
  const zone = ref(kZone)
  function learnZone(orders: Order[]): void {
    const at = orders[0]?.taken
    if (at) zone.value = zoneOf(at)
  }
  const moment = (iso: string | null | undefined) => (iso ? sayMoment(iso, clock.now, lang.value) : '')
  const soon = (ms: number) => usualDue({ promise_within_s: ms / 1000 }, clock.read(), zone.value)
  const staff = computed(() => (org.org?.people ?? []).filter((each) => each.unit === unit.value))

  return {
    unit,
    halls,
    types,
    typeOf,
    nameOf,
    opened,
    show: (id: string | null) => void (opened.value = id),
    concerns,
    zone,
    learnZone,
    moment,
    soon,
    staff,
    clock,
    lang,
    mayTake: computed(() => session.has(...kTakers)),
    mayLead: computed(() => session.has(...kLeaders)),
    choose: (to: string) => void router.replace({ query: { ...route.query, unit: to } }),
    personName: org.personName,
  }
}
export type Desk = ReturnType<typeof useDesk>
