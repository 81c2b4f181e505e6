// Press and hold: acts after `ms`, once, unless the finger leaves or moves away. Works by keyboard as well.
import { onScopeDispose } from 'vue'

export function useHold(ms: number, act: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  const start = () => {
    stop()
    timer = setTimeout(act, ms)
  }
  onScopeDispose(stop)
  return {
    pointerdown: start,
    pointerup: stop,
    pointerleave: stop,
    pointercancel: stop,
    contextmenu: (event: Event) => event.preventDefault(),
    keydown: (event: KeyboardEvent) => {
      if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) start()
    },
    keyup: stop,
  }
}
