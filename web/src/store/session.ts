// Who is signed in on this browser. What is remembered (never a password, never a token) lets the phone start without
// a network; the node still decides about every request.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, identity } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Session } from '@/api/types'
import { forgetDrafts } from './draft'

type Known = Omit<Session, 'token' | 'csrf' | 'idle_ends' | 'confirmed_until'>
const kKey = 'tingan.session'

function remembered(): Known | null {
  try {
    return JSON.parse(localStorage.getItem(kKey) ?? 'null') as Known | null
  } catch {
    return null
  }
}

export const kHallRoles = ['clerk', 'guide', 'guard', 'shift-leader', 'duty-manager', 'hall-director']
// They look after the program and have no part in what happens.
export const kTechnicalRoles = ['admin', 'auditor']
export const kLeaders = ['hall-director', 'duty-manager', 'shift-leader']

export const useSession = defineStore('session', () => {
  const who = ref<Known | null>(remembered())
  // False until the node has confirmed it in this visit.
  const confirmed = ref(false)
  let asking: Promise<void> | null = null

  function take(session: Known & { csrf: string }): void {
    identity.csrf = session.csrf
    const { person, name, roles, unit, must_change, expires } = session
    who.value = { person, name, roles, unit, must_change, expires }
    confirmed.value = true
    localStorage.setItem(kKey, JSON.stringify(who.value))
  }
  function forget(): void {
    identity.csrf = null
    who.value = null
    confirmed.value = false
    localStorage.removeItem(kKey)
    forgetDrafts()
  }
  // Asks the node. Signed out: forgets. Not reachable: keeps what is remembered.
  function confirm(): Promise<void> {
    asking ??= api
      .get('/api/v1/session')
      .then(take)
      .catch((error: unknown) => {
        if (asProblem(error).signedOut) forget()
      })
      .finally(() => (asking = null))
    return asking
  }
  async function signIn(user: string, password: string): Promise<void> {
    take(await api.post('/api/v1/session', { body: { user, password } }))
  }
  async function signOut(): Promise<void> {
    await api.delete('/api/v1/session').catch(() => undefined)
    forget()
  }

  const roles = computed(() => who.value?.roles ?? [])
  const has = (...wanted: string[]) => roles.value.some((role) => wanted.includes(role))
  const inHall = computed(() => has(...kHallRoles))
  const isStaff = computed(() => roles.value.some((role) => !kTechnicalRoles.includes(role)))
  const atCentre = computed(() => roles.value.some((role) => !kHallRoles.includes(role) && !kTechnicalRoles.includes(role)))

  return { who, confirmed, roles, has, isStaff, inHall, atCentre, take, forget, confirm, signIn, signOut }
})
