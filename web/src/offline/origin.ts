// What is kept belongs to one origin. A node that changes its port or moves to TLS is a new origin, and the page there
// cannot see what waits under the old one. Cookies can: they belong to the host, whatever port and scheme. So each
// origin leaves one that says how much waits there.
const kPrefix = 'tingan_waiting_'
const kLifeSeconds = 90 * 86_400

// Names of cookies take no slashes or colons.
const nameOf = (origin: string) => kPrefix + origin.replace(/[^A-Za-z0-9]/g, '_')

// `of`: each kind of what waits keeps its own count, since not every page knows of all.
export function noteWaiting(count: number, of: 'entries' | 'orders' = 'entries'): void {
  const value = encodeURIComponent(`${count} ${location.origin}`)
  const life = count > 0 ? kLifeSeconds : 0
  const name = nameOf(location.origin) + (of === 'orders' ? '_orders' : '')
  document.cookie = `${name}=${value}; Path=/; SameSite=Strict; Max-Age=${life}`
}

// Entries that wait under other origins of this host.
export function waitingElsewhere(cookies = document.cookie): { count: number; origin: string }[] {
  const found = cookies
    .split('; ')
    .filter((each) => each.startsWith(kPrefix))
    .map((each) => decodeURIComponent(each.slice(each.indexOf('=') + 1)).split(' '))
    .map(([count, origin]) => ({ count: Number(count), origin: origin ?? '' }))
    .filter(({ count, origin }) => count > 0 && /^https?:/.test(origin) && origin !== location.origin)
  const origins = [...new Set(found.map((each) => each.origin))]
  return origins.map((origin) => ({ origin, count: found.filter((each) => each.origin === origin).reduce((sum, each) => sum + each.count, 0) }))
}
