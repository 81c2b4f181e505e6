// Every place of the console, in the order of the navigation. A place stands here only when it is there.
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { kTakers } from '@/orders/roles'
import type { useSession } from '@/store/session'

export type Session = ReturnType<typeof useSession>

export interface Place {
  path: string // its routes begin with it; the node serves the page for it (static_files.cpp knows the list)
  name: string // and the key of its title: t(`common.place.${name}`)
  icon: string // of components/icons.ts
  // phone: a page of its own. desk: inside the shell with Element Plus. wall: a page of its own, dark, on a big screen.
  kind: 'phone' | 'desk' | 'wall'
  messages: string[] // of i18n/messages/, besides `common`
  may: (session: Session) => boolean
  quiet?: boolean // reached from other places, not from the desk's navigation
  page: () => Promise<{ default: Component }>
  // Pages below it: `{ path: ':id', page }` becomes `${path}/:id`.
  below?: { path: string; name: string; page: () => Promise<{ default: Component }> }[]
}

const staff = (session: Session) => session.isStaff
const staffOrAdmin = (session: Session) => session.isStaff || session.has('admin')
const takesOrders = (session: Session) => session.has(...kTakers)

export const places: Place[] = [
  {
    path: '/field',
    name: 'field',
    icon: 'shield',
    kind: 'phone',
    messages: ['field'],
    may: staff,
    page: () => import('./field/FieldPage.vue'),
  },
  {
    path: '/field/orders',
    name: 'take',
    icon: 'pen',
    kind: 'phone',
    messages: ['orders'],
    may: takesOrders,
    quiet: true,
    page: () => import('./take/TakePage.vue'),
  },
  {
    path: '/hall',
    name: 'hall',
    icon: 'building',
    kind: 'desk',
    messages: ['incident', 'hall', 'words', 'orders'],
    may: staff,
    page: () => import('./hall/HallPage.vue'),
  },
  {
    path: '/centre',
    name: 'centre',
    icon: 'globe',
    kind: 'wall',
    messages: ['incident', 'centre'],
    may: (session) => session.atCentre,
    page: () => import('./centre/CentrePage.vue'),
  },
  {
    path: '/incidents',
    name: 'incidents',
    icon: 'list',
    kind: 'desk',
    messages: ['incident', 'orders'],
    may: staff,
    page: () => import('./incident/IncidentsPage.vue'),
    below: [{ path: ':id', name: 'incident', page: () => import('./incident/IncidentPage.vue') }],
  },
  {
    path: '/orders',
    name: 'orders',
    icon: 'stack',
    kind: 'desk',
    messages: ['orders'],
    may: (session) => takesOrders(session) || session.has('general-group', 'centre-head'),
    page: () => import('./orders/OrdersPage.vue'),
    below: [{ path: 'notice', name: 'notice-board', page: () => import('./orders/NoticeBoardPage.vue') }],
  },
  {
    path: '/plans',
    name: 'plans',
    icon: 'book',
    kind: 'desk',
    messages: ['incident', 'plans', 'rehearse'],
    may: staffOrAdmin,
    page: () => import('./plans/PlansPage.vue'),
    below: [{ path: ':id', name: 'plan', page: () => import('./plans/PlanPage.vue') }],
  },
  {
    path: '/rehearse',
    name: 'rehearse',
    icon: 'clock',
    kind: 'desk',
    messages: ['incident', 'rehearse'],
    may: staffOrAdmin,
    page: () => import('./rehearse/RehearsePage.vue'),
  },
  {
    path: '/admin',
    name: 'admin',
    icon: 'user',
    kind: 'desk',
    messages: ['admin', 'words'],
    may: (session) => session.has('admin'),
    page: () => import('./admin/AdminPage.vue'),
    below: [{ path: ':section', name: 'admin-section', page: () => import('./admin/AdminPage.vue') }],
  },
  {
    path: '/security',
    name: 'security',
    icon: 'shield',
    kind: 'desk',
    messages: ['account'],
    may: (session) => session.has('auditor'),
    page: () => import('./security/SecurityPage.vue'),
  },
  {
    path: '/account',
    name: 'account',
    icon: 'user',
    kind: 'desk',
    messages: ['account'],
    may: () => true,
    quiet: true,
    page: () => import('./account/AccountPage.vue'),
  },
]

export function routesOf(place: Place): RouteRecordRaw[] {
  const meta = { messages: place.messages, place: place.name }
  const own: RouteRecordRaw = { path: place.path, name: place.name, component: place.page, meta }
  const below = (place.below ?? []).map(
    (page): RouteRecordRaw => ({ path: `${place.path}/${page.path}`, name: page.name, component: page.page, meta }),
  )
  if (place.kind !== 'desk') return [own, ...below]
  return [{ path: place.path, component: () => import('./desk/DeskShell.vue'), meta, children: [own, ...below] }]
}

// Where somebody starts: the phone for a small screen, else the first desk place that the rights open.
export function homeOf(session: Session, small: boolean): string {
  const open = places.filter((place) => place.may(session))
  if (!session.isStaff) return session.has('admin') ? '/admin' : (open[0]?.path ?? '/account')
  const wanted = small ? 'phone' : 'desk'
  return (open.find((place) => place.kind === wanted) ?? open[0])?.path ?? '/field'
}
