// What every browser test starts from: a node, a browser with an empty profile, helpers to sign in and to look.
import { test as base, chromium, expect, type Browser, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { startNode, type Node } from './node'

export const kPhone = { width: 390, height: 844 }
const kPassword = 'tingan-demo'
export const kBrowser = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const kArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const test = base.extend<
  { person: (user: string, options?: { viewport?: { width: number; height: number } }) => Promise<Page> },
  { chrome: Browser; house: string; timeScale: number; node: Node }
>({
  // Its name: tests of one house share a node, a file has a house of its own, so that no other leaves it an incident.
  house: ['', { scope: 'worker', option: true }],
  timeScale: [1, { scope: 'worker', option: true }],
  chrome: [
    async ({}, use) => {
      const browser = await chromium.launch({
        executablePath: kBrowser,
        args: kArguments,
      })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  node: [
    async ({ house, timeScale }, use) => {
      expect(house, 'test.use({ house }) in each file').not.toBe('')
      const node = await startNode({ timeScale })
      await use(node)
      await node.stop()
    },
    { scope: 'worker' },
  ],
  // Each person has a browser of their own.
  person: async ({ chrome, node }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (user, options = {}) => {
      const context = await chrome.newContext({ viewport: options.viewport ?? kPhone, locale: 'zh-CN', baseURL: node.url })
      contexts.push(context)
      const page = await context.newPage()
      failOnPageErrors(page)
      await signIn(page, user)
      return page
    })
    for (const context of contexts) await context.close()
  },
})
export { expect }

// A policy violation or an exception in the page fails the test that caused it.
export function failOnPageErrors(page: Page): void {
  page.on('pageerror', (error) => {
    throw error
  })
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) throw new Error(message.text())
  })
}

// How many plans the phone has kept for the hour without a network.
export async function keptPlans(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((count, fail) => {
        const open = indexedDB.open('tingan')
        open.onerror = () => fail(open.error)
        open.onsuccess = () => {
          const all = open.result.transaction('kept').objectStore('kept').getAllKeys()
          all.onsuccess = () => count(all.result.filter((key) => String(key).includes(':plan:')).length)
        }
      }),
  )
}

export async function signIn(page: Page, user: string): Promise<void> {
  await page.goto('/login')
  await page.getByLabel(/用户名|User name/).fill(user)
  await page.locator('input[name=password]').fill(kPassword)
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click()
  await page.waitForURL((url) => url.pathname !== '/login')
}

// Nothing wider than the screen.
export async function expectNoOverflow(page: Page): Promise<void> {
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  expect(wide, `page is ${wide} wide on a screen of ${seen}`).toBeLessThanOrEqual(seen ?? 0)
}

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// No serious or critical finding of axe on the page as it stands. Playwright evaluates past the page's own policy.
export async function expectAccessible(page: Page): Promise<void> {
  // A dialog that is still fading has half the contrast of one that has gone.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.all(ending.map((each) => each.finished.catch(() => undefined)))
  })
  await page.evaluate(kAxe)
  const found = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(): Promise<{ violations: AxeFinding[] }> } }).axe
    return (await axe.run()).violations
  })
  const bad = found.filter((each) => each.impact === 'serious' || each.impact === 'critical')
  expect(bad.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}
interface AxeFinding {
  id: string
  impact: string
  nodes: { html: string }[]
}

// Every place at every size and in both languages ends up beside the build, for people to look at.
export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `../build/screenshots/${name}.png`, animations: 'disabled' })
}

// One option of Element Plus's select: its list hangs elsewhere in the page, and another may be closing just then.
export async function choose(page: Page, select: Locator, option: string | RegExp): Promise<void> {
  const list = page.locator(`#${await select.getAttribute('aria-controls')}`)
  await expect(async () => {
    if (!(await list.isVisible())) await select.click({ timeout: 2000 })
    await list.getByRole('option', { name: option }).first().click({ timeout: 3000 })
  }).toPass({ timeout: 30_000 })
}
