// Everything that is entered on the phone goes through here: kept first, then sent, one after the other in the order of
// entry, each under its own key, so that it arrives exactly once whatever the network does. What the node refuses is
// shown to the person and stays until seen.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { newKey, request } from '@/api/client'
import type { Problem } from '@/api/problem'
import { useSession } from '@/store/session'
import { store, type Entry } from './db'
import { noteWaiting } from './origin'
import { makeSender } from './sender'

export type NewEntry = Pick<Entry, 'url' | 'body' | 'label' | 'target'> & { quiet?: boolean; method?: 'post' | 'put' }

export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const entries = ref<Entry[]>([])
  const lost = ref(false) // the store of this browser cannot be used: what waits would not outlive the page
  const onSent = new Set<(entry: Entry, answer: unknown) => void>()
  let nextSeq = -1 // for entries that the store did not take

  const waiting = computed(() => entries.value.filter((entry) => entry.state === 'waiting'))
  const refused = computed(() => entries.value.filter((entry) => entry.state === 'refused'))
  const shown = computed(() => entries.value.filter((entry) => !entry.quiet))
  const pending = computed(() => new Set(waiting.value.map((entry) => entry.target)))

  async function load(): Promise<void> {
    const person = session.who?.person
    if (!person) {
      entries.value = []
      return
    }
    try {
      const kept = await (await store()).outbox.where('person').equals(person).sortBy('seq')
      entries.value = [...kept, ...entries.value.filter((entry) => entry.seq < 0)]
    } catch {
      lost.value = true
    }
    noteWaiting(entries.value.length)
  }

  // Resolves when the entry is kept, not when it is sent.
  async function add(fresh: NewEntry): Promise<Entry> {
    const entry: Omit<Entry, 'seq'> = {
      key: newKey(),
      person: session.who?.person ?? '',
      method: fresh.method ?? 'post',
      url: fresh.url,
      body: fresh.body,
      label: fresh.label,
      target: fresh.target,
      quiet: fresh.quiet ?? false,
      at: Date.now(),
      state: 'waiting',
    }
    let seq: number
    try {
      seq = await (await store()).outbox.add(entry)
    } catch {
      lost.value = true
      seq = nextSeq--
    }
    const whole = { ...entry, seq }
    entries.value = [...entries.value, whole]
    noteWaiting(entries.value.length)
    sender.fresh()
    void sender.flush()
    return whole
  }

  async function drop(entry: Entry): Promise<void> {
    entries.value = entries.value.filter((each) => each.seq !== entry.seq)
    if (entry.seq >= 0) {
      await store()
        .then((db) => db.outbox.delete(entry.seq))
        .catch(() => undefined)
    }
    noteWaiting(entries.value.length)
  }

  async function refuse(entry: Entry, problem: Problem): Promise<void> {
    const refusal = { code: problem.code, ...problem.text }
    entries.value = entries.value.map((each) => (each.seq === entry.seq ? { ...each, state: 'refused', refusal } : each))
    if (entry.seq >= 0) {
      await store()
        .then((db) => db.outbox.update(entry.seq, { state: 'refused', refusal }))
        .catch(() => undefined)
    }
  }

  async function bodyOf(response: Response): Promise<unknown> {
    return response.status === 204 ? null : await response.json().catch(() => null)
  }

  // False: stop for now.
  async function send(entry: Entry): Promise<boolean> {
    try {
      const { method, url, body, key } = entry
      const answer = await bodyOf(await request({ method, url, body, key }))
      await drop(entry)
      sender.fresh()
      onSent.forEach((tell) => tell(entry, answer))
      return true
    } catch (error) {
      return await sender.failed(error, (problem) => refuse(entry, problem))
    }
  }

  async function sendAll(): Promise<boolean> {
    await load()
    if (waiting.value.length > 0 && !(await sender.signedIn())) return false
    for (const entry of waiting.value) if (!(await send(entry))) return false
    return true
  }
  const sender = makeSender({ lock: 'tingan.outbox', pass: sendAll })
  const { flush, start } = sender

  return { entries, waiting, refused, shown, pending, lost, onSent, add, drop, flush, load, start }
})
