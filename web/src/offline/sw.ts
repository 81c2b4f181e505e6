// The service worker: keeps the phone place, so that it opens without a network. It keeps pages only; what the program
// said is kept by the page itself (offline/store.ts), where it belongs to the person who is signed in.
// Built on its own (build-tools/offline.ts fills in the two names); so no imports here.
declare const __VERSION__: string
declare const __FILES__: string[]
declare const self: ServiceWorkerGlobalScope

const kCache = `tingan-${__VERSION__}`
const kKept = new Set(__FILES__)

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(kCache)
    await cache.addAll(__FILES__.map((file) => new Request(file, { cache: 'reload' })))
    await self.skipWaiting()
  }
  event.waitUntil(fill())
})

self.addEventListener('activate', (event) => {
  const clean = async () => {
    const names = await caches.keys()
    await Promise.all(names.filter((name) => name.startsWith('tingan-') && name !== kCache).map((name) => caches.delete(name)))
    await self.clients.claim()
  }
  event.waitUntil(clean())
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (event.request.mode === 'navigate') {
    const phone = url.pathname === '/field' || url.pathname.startsWith('/field/') || url.pathname === '/login'
    event.respondWith(phone ? keptFirst('/') : networkFirst(event.request))
    return
  }
  if (kKept.has(url.pathname)) event.respondWith(keptFirst(url.pathname))
})

async function keptFirst(path: string): Promise<Response> {
  const cache = await caches.open(kCache)
  return (await cache.match(path)) ?? fetch(path)
}

async function networkFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    return keptFirst('/')
  }
}

export {}
