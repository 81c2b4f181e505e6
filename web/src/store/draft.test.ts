import { afterEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useDraft } from './draft'

afterEach(() => {
  vi.restoreAllMocks()
  sessionStorage.clear()
})

function begin() {
  const saved = ref({ base: 1, value: { text: 'old' } })
  const scope = effectScope()
  const draft = scope.run(() => useDraft(() => 'd', () => saved.value))!
  return { saved, scope, ...draft }
}

for (const full of [false, true]) {
  it(`keeps what is typed when somebody else publishes${full ? ', also where the browser keeps nothing' : ''}`, async () => {
    if (full) vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => { throw new DOMException('full', 'QuotaExceededError') })
    const { saved, scope, draft, base, behind, drop } = begin()
    draft.value!.text = 'mine'
    await nextTick()
    saved.value = { base: 2, value: { text: 'theirs' } }
    await nextTick()
    expect([draft.value!.text, base.value, behind.value]).toEqual(['mine', 1, true])
    drop()
    saved.value = { base: 3, value: { text: 'new' } }
    await nextTick()
    expect([draft.value!.text, base.value]).toEqual(['new', 3])
    scope.stop()
  })
}
