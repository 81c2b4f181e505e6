// A plan as the program gives it for reading (docs/formats/plan.md), and conditions said in words.
import type { Text } from '@/api/types'

export type Condition = null | true | { all: Condition[] } | { any: Condition[] } | { not: Condition[] } | { fact: string; is: string[] }
export interface PlanFact {
  id: string
  title: Text
  ask?: Text | null
  values: (string | boolean)[]
  labels: Text[]
}
export interface PlanStep {
  id: string
  phase: string | null
  role: string
  text: Text
  why?: Text | null
  within: string | null
  after: string[]
  call: string | null
  form: string | null
  tell: string[]
  ours: boolean
  when: Condition
  clauses: string[]
}
export interface PlanEscalation {
  id: string
  at: string
  from: string | null
  repeat: string | null
  tell: string[]
  text: Text
  when: Condition
  until: Condition | 'acknowledged'
  clauses: string[]
}
export interface PlanWords {
  id: string
  text: Text
  roles?: string[]
  who?: string[]
  audience?: string
  clauses: string[]
}

type Say = (text: Text | null | undefined) => string
export interface Joiners {
  and: string
  or: string
  not: string
}

// "影响范围：只有本厅，并且 尚未恢复" as a reader would say it; empty for what always holds.
export function sayCondition(condition: Condition, facts: PlanFact[], say: Say, words: Joiners): string {
  if (!condition || condition === true) return ''
  if ('all' in condition) return condition.all.map((each) => sayCondition(each, facts, say, words)).join(words.and)
  if ('any' in condition) return condition.any.map((each) => sayCondition(each, facts, say, words)).join(words.or)
  if ('not' in condition) return `${words.not}（${condition.not.map((each) => sayCondition(each, facts, say, words)).join(words.and)}）`
  const fact = facts.find((each) => each.id === condition.fact)
  if (!fact) return condition.fact
  const labels = condition.is.map((value) => {
    const i = fact.values.findIndex((each) => String(each) === String(value))
    return i >= 0 ? say(fact.labels[i]) : String(value)
  })
  return `${say(fact.title)}: ${labels.join(' / ')}`
}
