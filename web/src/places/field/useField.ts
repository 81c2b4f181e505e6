// What the phone shows: my steps, my notices, the incidents around them; from the node, or as last kept.
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import type { Incident, IncidentRow, MyNotices, MyStep, MySteps, Organisation, PlanRow, Roster } from '@/api/types'
import { askOrKept, keep, keptOnly } from '@/offline/kept'
import { useOutbox } from '@/offline/outbox'
import { useClock } from '@/store/clock'
import { useOrg } from '@/store/org'
import { useSession } from '@/store/session'
import { useLiveData } from '@/stream/useLiveData'

export interface Around {
  steps: MySteps
  notices: MyNotices
  rows: IncidentRow[]
  incidents: Record<string, Incident>
}

const kIncidentsMax = 6
const kRetractMs = 60_000
const kKeepPlansAfterMs = 3000

async function look(unit: string, person: string, early: (steps: MySteps) => void): Promise<Around> {
  const asked = api.get('/api/v1/me/steps', { query: { limit: 100 } })
  void asked.then(early, () => undefined)
  const [steps, notices, page] = await Promise.all([
    asked,
    api.get('/api/v1/me/notices', { query: { limit: 100 } }),
    api.get('/api/v1/incidents', { query: { unit, limit: 50 } }),
  ])
  const rows = page.items.filter((row) => row.state === 'open' || row.state === 'contained')
  const mine = rows.filter((row) => row.declared.by.person === person).map((row) => row.id)
  const ids = [...new Set([...steps.items.map((item) => item.incident), ...mine])].slice(0, kIncidentsMax)
  const found = await Promise.all(ids.map((id) => api.get('/api/v1/incidents/{id}', { path: { id } })))
  return { steps, notices, rows, incidents: Object.fromEntries(found.map((incident) => [incident.id, incident])) }
}

export function useField() {
  const session = useSession()
  const clock = useClock()
  const org = useOrg()
  const outbox = useOutbox()
  const who = session.who
  if (!who) throw new Error('the phone place needs somebody who is signed in')
  const { person, unit } = who

  const keptSince = shallowRef<number | null>(null)
  const plans = shallowRef<PlanRow[]>([])
  const roster = shallowRef<Roster | null>(null)
  // How many steps wait, as soon as that is known: what is shown first hangs on it.
  const count = shallowRef<number | null>(null)
  const words = shallowRef(false) // the hall has words that stand a silent incident down

  const around = useLiveData(
    async () => {
      const fresh = await askOrKept(person, 'around', () => look(unit, person, (now) => (count.value = now.items.length)))
      keptSince.value = fresh.kept ? fresh.at : null
      if (!fresh.kept) clock.sync(fresh.value.steps.now)
      return fresh.value
    },
    (record) => record.incident !== null,
  )
  // The first picture is the kept one, so that a slow line never shows an empty screen.
  void keptOnly<Around>(person, 'around').then((kept) => {
    if (!kept || around.data.value) return
    around.data.value = kept.value
    count.value ??= kept.value.steps.items.length
  })

  async function loadReference(): Promise<void> {
    // Each is shown when it is there; the grid waits for the plans only.
    await Promise.allSettled([
      askOrKept(person, 'plans', async () => (await api.get('/api/v1/plans')).items).then((list) => (plans.value = list.value)),
      askOrKept<Organisation>(person, 'org', () => api.get('/api/v1/org')).then((all) => org.take(all.value)),
      askOrKept(person, 'roster', () => api.get('/api/v1/roster', { query: { unit } })).then((now) => (roster.value = now.value)),
      askOrKept(person, 'words', () => api.get('/api/v1/units/{id}/words', { path: { id: unit } })).then((spoken) => (words.value = spoken.value.set)),
    ])
  }
  // Whole plans, one after the other and only once a version, for the hour when there is no network.
  async function keepPlans(): Promise<void> {
    for (const row of plans.value) {
      const name = `plan:${row.id}`
      const kept = await keptOnly<{ hash: string }>(person, name)
      if (kept?.value.hash === row.hash) continue
      await keep(person, name, await api.get('/api/v1/plans/{id}', { path: { id: row.id } }))
    }
  }
  // After the first picture: on a slow line they would stand in its way.
  const reference = loadReference()
  const later = setTimeout(() => void reference.then(keepPlans).catch(() => undefined), kKeepPlansAfterMs)
  onScopeDispose(() => clearTimeout(later))

  const sent = () => void around.refresh()
  outbox.onSent.add(sent)
  watch(() => outbox.refused.length, sent)

  // What is settled here but not yet there does not come back to the person.
  const steps = computed<MyStep[]>(
    () => around.data.value?.steps.items.filter((item) => !outbox.pending.has(`step:${item.incident}/${item.step.id}`)) ?? [],
  )
  const loud = computed(() => steps.value.filter((item) => !(item.silent && session.inHall)))
  // In the hall a silent plan shows nothing at all.
  const silent = computed(
    () =>
      session.inHall &&
      (steps.value.some((item) => item.silent) || (around.data.value?.rows.some((row) => row.silent && row.unit === unit) ?? false)),
  )
  const notices = computed(() => around.data.value?.notices.items.filter((item) => !(item.silent && session.inHall)) ?? [])
  const unread = computed(
    () => notices.value.filter((item) => !item.notice.ladder.acknowledged && !outbox.pending.has(`notice:${item.notice.id}`)).length,
  )
  // Declared by me less than a minute ago: a slip can be taken back.
  const retractable = computed(() => {
    const rows = around.data.value?.rows ?? []
    return rows.find(
      (row) =>
        row.declared.by.person === person &&
        !row.silent &&
        !outbox.pending.has(`retract:${row.id}`) &&
        clock.now - Date.parse(row.declared.at) < kRetractMs,
    )
  })

  return { person, unit, around, count, steps: loud, silent, notices, unread, retractable, plans, roster, words, keptSince, loadReference, kRetractMs }
}
export type Field = ReturnType<typeof useField>
