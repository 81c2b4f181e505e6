// Ask the node; keep what it said; without it, give back what was kept and say from when it is.
import { asProblem } from '@/api/problem'
import { db } from './db'

export interface Fresh<T> {
  value: T
  at: number
  kept: boolean // true: from the store, the node was not reached
}

export async function keep(person: string, name: string, value: unknown): Promise<void> {
  // A full or forbidden store must not stop anybody from working while the node is there.
  await db.kept.put({ id: `${person}:${name}`, at: Date.now(), value: JSON.parse(JSON.stringify(value)) }).catch(() => undefined)
}

export async function keptOnly<T>(person: string, name: string): Promise<Fresh<T> | null> {
  const found = await db.kept.get(`${person}:${name}`).catch(() => undefined)
  return found ? { value: found.value as T, at: found.at, kept: true } : null
}

// Throws the node's Problem when there is nothing kept either, or when the node refused.
export async function askOrKept<T>(person: string, name: string, ask: () => Promise<T>): Promise<Fresh<T>> {
  try {
    const value = await ask()
    await keep(person, name, value)
    return { value, at: Date.now(), kept: false }
  } catch (error) {
    const problem = asProblem(error)
    const found = problem.transient ? await keptOnly<T>(person, name) : null
    if (found) return found
    throw problem
  }
}

export async function forgetKept(person: string): Promise<void> {
  await db.kept.where('id').startsWith(`${person}:`).delete().catch(() => undefined)
}
