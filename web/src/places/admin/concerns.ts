// What changes who there is, where and when. Orders are records of a hall's log as well, and change nothing of it.
import type { StreamRecord } from '@/api/types'

const kChanges = new Set(['organisation-published', 'substitution-set', 'role-handed-over', 'presence-stated', 'password-set', 'hall-words-set'])

export const ofOrganisation = (record: StreamRecord): boolean => record.events.some((event) => kChanges.has(event.type))
