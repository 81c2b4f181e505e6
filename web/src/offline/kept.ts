// Ask the node; keep what it said; without it, give back what was kept and say from when it is.
import { asProblem } from '@/api/problem'
import { store } from './db'

export interface Fresh<T> {
  value: T
  at: number
  kept: boolean // true: from the store, the node was not reached
}

export async function keep(person: string, name: string, value: unknown): Promise<void> {
  // A full or forbidden store must not stop anybody from working while the node is there.
  const row = { id: `${person}:${name}`, at: Date.now(), value: JSON.parse(JSON.stringify(value)) as unknown }
  await store()
    .then((db) => db.kept.put(row))
    .catch(() => undefined)
}

export async function keptOnly<T>(person: string, name: string): Promise<Fresh<T> | null> {
  const found = await store()
    .then((db) => db.kept.get(`${person}:${name}`))
    .catch(() => undefined)
  return found ? { value: found.value as T, at: found.at, kept: true } : null
}

// Throws the node's Problem when there is nothing kept either, or when the node refused.
export async function askOrKept<T>(person: string, name: string, ask: () => Promise<T>): Promise<Fresh<T>> {
  try {
    const value = await ask()
    void keep(person, name, value) // what was answered is shown, not what was written down
    return { value, at: Date.now(), kept: false }
  } catch (error) {
    const problem = asProblem(error)
    const found = problem.transient ? await keptOnly<T>(person, name) : null
    if (found) return found
    throw problem
  }
}

export async function forgetKept(person: string): Promise<void> {
  await store()
    .then((db) => db.kept.where('id').startsWith(`${person}:`).delete())
    .catch(() => undefined)
}
