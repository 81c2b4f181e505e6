// One business action on a page: its key is made when it is first tried and stays the same for every repeat of the same
// words, so that a lost answer, a double tap or a second try never does it twice.
import { ref, shallowRef } from 'vue'
import { newKey } from './client'
import { asProblem, type Problem } from './problem'

export function useAction<Input, Output>(run: (input: Input, key: string) => Promise<Output>) {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let kept: { words: string; key: string } | null = null

  async function go(input: Input): Promise<Output | undefined> {
    if (busy.value) return undefined
    const words = JSON.stringify(input) ?? ''
    if (kept?.words !== words) kept = { words, key: newKey() }
    busy.value = true
    problem.value = null
    try {
      const output = await run(input, kept.key)
      kept = null
      return output
    } catch (error) {
      problem.value = asProblem(error)
      // A definite refusal is an answer: trying again later is a new action.
      if (!problem.value.transient) kept = null
      return undefined
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, go, clear: () => (problem.value = null) }
}
