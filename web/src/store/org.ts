// Units, roles and people by name.
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Organisation } from '@/api/types'
import { language, pick } from '@/i18n'

export const useOrg = defineStore('org', () => {
  const org = shallowRef<Organisation | null>(null)
  let asking: Promise<void> | null = null

  // Once a visit; a second call waits for the first.
  function load(): Promise<void> {
    asking ??= api
      .get('/api/v1/org')
      .then((answer) => {
        org.value = answer
      })
      .catch((error: unknown) => {
        asking = null
        throw error
      })
    return asking
  }
  // After the organisation was changed; what is shown stays until the answer is there.
  async function reload(): Promise<void> {
    org.value = await api.get('/api/v1/org')
  }
  function take(kept: Organisation): void {
    org.value ??= kept
  }
  const roles = computed(() => new Map(org.value?.roles.map((role) => [role.id, role.name])))
  const units = computed(() => new Map(org.value?.units.map((unit) => [unit.id, unit])))
  const people = computed(() => new Map(org.value?.people.map((person) => [person.id, person])))

  const kStaff = { zh: '所有员工', en: 'Everybody' } // what a plan calls `staff`: no role of its own
  const roleName = (id: string) => pick(id === 'staff' ? kStaff : roles.value.get(id)) || id
  const roleNames = (ids: readonly string[]) => ids.map(roleName).join(language() === 'zh' ? '、' : ', ')
  const unitName = (id: string) => pick(units.value.get(id)?.name) || id
  const kProgram = { zh: '系统', en: 'The program' } // acts by itself: clocks, correlation
  const personName = (id: string) =>
    id === 'program' ? pick(kProgram) : people.value.get(id)?.name || roleName(people.value.get(id)?.roles[0] ?? id)

  return { org, units, people, load, reload, take, roleName, roleNames, unitName, personName }
})
