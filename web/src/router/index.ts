import { createRouter, createWebHistory } from 'vue-router'
import { loadMessages } from '@/i18n'
import { homeOf, places, routesOf } from '@/places'
import { useSession } from '@/store/session'

declare module 'vue-router' {
  interface RouteMeta {
    messages?: string[]
    place?: string
    open?: boolean
  }
}

const kSmall = '(max-width: 760px)'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: () => import('@/places/login/LoginPage.vue'), meta: { messages: ['login'], open: true } },
    ...places.flatMap(routesOf),
    { path: '/', name: 'home', component: { render: () => null } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  const session = useSession()
  // The page comes while its words do, not after them.
  for (const { components } of to.matched) {
    const page = components?.default
    if (typeof page === 'function') void (page as () => Promise<unknown>)().catch(() => undefined)
  }
  await loadMessages(...(to.meta.messages ?? []))
  if (to.meta.open) return true
  // Remembered is enough to start with; the node is asked meanwhile, and every request is checked there anyway.
  if (!session.who) await session.confirm()
  if (!session.who) return { name: 'login', query: to.path === '/' ? {} : { to: to.fullPath } }
  if (session.who.must_change) return { name: 'login', query: { to: to.fullPath } }
  if (!session.confirmed) void session.confirm()
  if (to.path === '/') return homeOf(session, matchMedia(kSmall).matches)
  const place = places.find((each) => each.name === to.meta.place)
  return place && !place.may(session) ? homeOf(session, matchMedia(kSmall).matches) : true
})
