// What is kept belongs to one origin. A node that changes its port or moves to TLS is a new origin, and the page there
// cannot see what waits under the old one. Cookies can: they belong to the host, whatever port and scheme. So each
// origin leaves one that says how much waits there.
const kPrefix = 'tingan_waiting_'
const kLifeSeconds = 90 * 86_400

// Names of cookies take no slashes or colons.
const nameOf = (origin: string) => kPrefix + origin.replace(/[^A-Za-z0-9]/g, '_')

export function noteWaiting(count: number): void {
  const value = encodeURIComponent(`${count} ${location.origin}`)
  const life = count > 0 ? kLifeSeconds : 0
  document.cookie = `${nameOf(location.origin)}=${value}; Path=/; SameSite=Strict; Max-Age=${life}`
}

// Entries that wait under other origins of this host.
export function waitingElsewhere(cookies = document.cookie): { count: number; origin: string }[] {
  return cookies
    .split('; ')
    .filter((each) => each.startsWith(kPrefix))
    .map((each) => decodeURIComponent(each.slice(each.indexOf('=') + 1)).split(' '))
    .map(([count, origin]) => ({ count: Number(count), origin: origin ?? '' }))
    .filter(({ count, origin }) => count > 0 && /^https?:/.test(origin) && origin !== location.origin)
}
