// What nobody needs in the first second comes after it, whether it is opened or not: when it is wanted the network may be
// gone. (Over TLS the worker has kept all of it, too.)
export const later = {
  form: () => import('./FormSheet.vue'),
  headcount: () => import('./HeadcountSheet.vue'),
  menu: () => import('./MenuSheet.vue'),
  outbox: () => import('./OutboxSheet.vue'),
  guide: () => import('./OfflineGuide.vue'),
  phones: () => import('./PhonesView.vue'),
  notices: () => import('./NoticesView.vue'),
}

const kAfterMs = 1500
export function fetchLater(): void {
  setTimeout(() => {
    for (const part of Object.values(later)) void part().catch(() => undefined)
  }, kAfterMs)
}
