// The order in which people want to see steps: late first, then what is open by its deadline, then the rest as planned.
import type { Incident, Step } from '@/api/types'

export const isActive = (step: Step) => step.state === 'open' || step.state === 'started'
export const isSettled = (step: Step) => step.state === 'done' || step.state === 'skipped'

const kFar = Number.MAX_SAFE_INTEGER
const due = (step: Step) => (step.due ? Date.parse(step.due) : kFar)

export function byUrgency(a: Step, b: Step): number {
  return Number(b.late) - Number(a.late) || due(a) - due(b)
}

export interface RoleGroup {
  role: string
  steps: Step[]
  open: number
  late: number
}

// What was opened or could still open, by role; roles with something late or open first.
export function groupsOf(incident: Incident): RoleGroup[] {
  const groups = new Map<string, RoleGroup>()
  for (const step of incident.steps) {
    if (step.state === 'waiting' && step.applies === false) continue
    const group = groups.get(step.role) ?? { role: step.role, steps: [], open: 0, late: 0 }
    group.steps.push(step)
    if (isActive(step)) group.open += 1
    if (isActive(step) && step.late) group.late += 1
    groups.set(step.role, group)
  }
  return [...groups.values()].sort((a, b) => b.late - a.late || Number(b.open > 0) - Number(a.open > 0))
}

// What fires next by itself, whatever it is: an escalation still ahead.
export function nextEscalation(incident: Incident) {
  return incident.escalations
    .filter((each) => each.due && !each.fired && !each.stopped)
    .sort((a, b) => Date.parse(a.due ?? '') - Date.parse(b.due ?? ''))[0]
}
