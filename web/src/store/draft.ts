// What somebody is typing and has not saved: kept for this tab, so that neither another page, nor a reload, nor somebody
// else's change destroys it. Signing out forgets it: it may hold names and numbers.
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'

const kPrefix = 'tingan.draft.'
interface Kept<T> {
  base: number
  value: T
}

// For a browser that keeps nothing: on the page, until it is left.
const onPage = new Map<string, string>()

function read<T>(name: string): Kept<T> | null {
  try {
    return JSON.parse(onPage.get(name) ?? sessionStorage.getItem(kPrefix + name) ?? 'null') as Kept<T> | null
  } catch {
    return null
  }
}
function write(name: string, kept: unknown): void {
  const text = JSON.stringify(kept)
  try {
    sessionStorage.setItem(kPrefix + name, text)
  } catch {
    onPage.set(name, text)
  }
}
function forget(name: string): void {
  onPage.delete(name)
  try {
    sessionStorage.removeItem(kPrefix + name)
  } catch {
    // Nothing was kept there.
  }
}
export function forgetDrafts(): void {
  onPage.clear()
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(kPrefix)) sessionStorage.removeItem(key)
}

// `saved`: what the program has, and the version that it belongs to; null until it is there.
export function useDraft<T>(name: () => string, saved: () => { base: number; value: T } | null) {
  const draft = ref(null) as Ref<T | null>
  const base = ref(0)
  const copy = (value: T): T => JSON.parse(JSON.stringify(value)) as T
  const newest = computed(() => saved()?.base ?? 0)
  const changed = computed(() => {
    const now = saved()
    return now !== null && draft.value !== null && JSON.stringify(draft.value) !== JSON.stringify(now.value)
  })
  // Somebody published after this was begun.
  const behind = computed(() => changed.value && base.value < newest.value)

  watch(
    [name, saved],
    () => {
      const now = saved()
      const kept = now && read<T>(name())
      draft.value = kept ? kept.value : now && copy(now.value)
      base.value = kept ? kept.base : (now?.base ?? 0)
    },
    { immediate: true },
  )
  watch(
    draft,
    () => {
      if (draft.value === null) return
      if (changed.value) write(name(), { base: base.value, value: draft.value })
      else drop()
    },
    { deep: true },
  )
  const ask = (event: BeforeUnloadEvent) => {
    if (changed.value) event.preventDefault()
  }
  window.addEventListener('beforeunload', ask)
  onScopeDispose(() => window.removeEventListener('beforeunload', ask))

  function drop(): void {
    forget(name())
  }
  // Back to what the program has.
  function revert(): void {
    drop()
    const now = saved()
    draft.value = now && copy(now.value)
    base.value = now?.base ?? 0
  }
  // Keeps what was typed and puts it on top of the newest version.
  function rebase(): void {
    base.value = newest.value
    if (changed.value) write(name(), { base: base.value, value: draft.value })
  }
  return { draft, base, changed, behind, drop, revert, rebase }
}
