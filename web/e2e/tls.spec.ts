// Over TLS with the node's own authority, as a hall's phone meets it: the browser trusts nothing but what it was given, the
// page is a secure origin at the node's name, the service worker stands, and the hour without a network is survived.
import { chromium, type Browser } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, expectAccessible, failOnPageErrors, keptPlans, kArguments, kBrowser, kPhone, shoot, signIn, test as base } from './fixtures'
import { startNode, type Node } from './node'

const kName = 'hall-a.tingan.test'

// A browser with a home of its own. The authority goes in by certutil, as an administrator of the machine would do it;
// certificate errors stay errors.
async function browserTrusting(authority: string | null): Promise<{ browser: Browser; end: () => Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'tingan-home-'))
  const store = join(home, '.pki/nssdb')
  mkdirSync(store, { recursive: true })
  execFileSync('certutil', ['-d', `sql:${store}`, '-N', '--empty-password'])
  if (authority) execFileSync('certutil', ['-d', `sql:${store}`, '-A', '-n', 'tingan', '-t', 'C,,', '-i', authority])
  const browser = await chromium.launch({
    executablePath: kBrowser,
    args: [...kArguments, `--host-resolver-rules=MAP ${kName} 127.0.0.1`],
    env: { ...process.env, HOME: home, XDG_DATA_HOME: '', XDG_CONFIG_HOME: join(home, '.config') } as Record<string, string>,
  })
  const end = async () => {
    await browser.close()
    rmSync(home, { recursive: true, force: true })
  }
  return { browser, end }
}

const test = base.extend<object, { secure: Node }>({
  secure: [
    async ({}, use) => {
      const node = await startNode({ name: kName })
      await use(node)
      await node.stop()
    },
    { scope: 'worker' },
  ],
})

test('a browser that was not led through /trust does not open the page', async ({ secure }) => {
  const { browser, end } = await browserTrusting(null)
  try {
    const page = await (await browser.newContext()).newPage()
    await expect(page.goto(`${secure.url}/field`)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/)
  } finally {
    await end()
  }
})

test('/trust leads a phone: the fingerprint, the certificate, in both languages', async ({ secure }) => {
  const { browser, end } = await browserTrusting(join(secure.data, 'tls/ca.crt'))
  try {
    const page = await (await browser.newContext({ viewport: { width: 360, height: 760 }, baseURL: secure.url })).newPage()
    failOnPageErrors(page)
    await page.goto('/trust')
    await expect(page.getByRole('heading', { name: '手机接入厅安' })).toBeVisible()
    const authority = new X509Certificate(readFileSync(join(secure.data, 'tls/ca.crt')))
    await expect(page.locator('code')).toHaveText(authority.fingerprint256)
    for (const [path, type] of [
      ['/trust/ca.crt', 'application/x-x509-ca-cert'],
      ['/trust/ca.mobileconfig', 'application/x-apple-aspen-config'],
    ] as const) {
      await expect(page.locator(`a[href="${path}"]`)).toBeVisible()
      const type_ = await page.evaluate(async (at) => (await fetch(at)).headers.get('content-type'), path)
      expect(type_).toContain(type)
    }
    await expectAccessible(page)
    await shoot(page, 'trust-phone')
  } finally {
    await end()
  }
})

test('at the node’s name: the worker stands, two entries of an hour without network arrive once each', async ({ secure }) => {
  test.setTimeout(180_000)
  const { browser, end } = await browserTrusting(join(secure.data, 'tls/ca.crt'))
  try {
    const context = await browser.newContext({ viewport: kPhone, locale: 'zh-CN', baseURL: secure.url })
    const page = await context.newPage()
    failOnPageErrors(page)
    await signIn(page, 'hall-director@hall-a')
    await expect(page.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
    expect(await page.evaluate(() => [isSecureContext, location.hostname])).toEqual([true, kName])
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
    await expect(async () => expect(await keptPlans(page)).toBeGreaterThanOrEqual(20)).toPass({ timeout: 60_000 })

    await page.getByRole('button', { name: '停电或系统故障' }).click()
    await page.getByRole('button', { name: '确认上报' }).click()
    const now = page.locator('article h1')
    await expect(now).toBeVisible()
    await expect(page.getByText(/条未发送/)).toBeHidden()
    const [outage] = await viaPage(page, 'unit=hall-a&type=outage')
    const step = (await now.textContent()) ?? ''

    await secure.pause()
    await expect(page.getByText(/没有网络/)).toBeVisible({ timeout: 30_000 })
    await page.getByRole('button', { name: '系统故障' }).click()
    await expect(now).not.toHaveText(step)
    await page.getByRole('button', { name: '上报', exact: true }).click()
    await page.getByRole('button', { name: '突发疾病', exact: true }).click()
    await page.getByRole('button', { name: '确认上报' }).click()
    await expect(page.getByText('2 条未发送')).toBeVisible()
    // The page itself is there without the node, from its own store.
    await page.reload()
    await expect(page.getByText('2 条未发送')).toBeVisible({ timeout: 30_000 })
    await expect(now).toBeVisible()
    await shoot(page, 'field-offline-tls-phone-zh')

    await secure.start()
    await expect(page.getByText(/条未发送/)).toBeHidden({ timeout: 60_000 })
    await expect(page.getByText(/没被接受/)).toHaveCount(0)
    expect(await viaPage(page, 'unit=hall-a&type=illness')).toHaveLength(1)
    const events = await page.evaluate(
      async (id) => ((await (await fetch(`/api/v1/incidents/${id}/timeline?limit=500`)).json()) as { items: { type: string; by: { person: string } }[] }).items,
      outage?.id ?? '',
    )
    expect(events.filter((event) => event.type === 'facts-stated' && event.by.person === 'hall-director@hall-a')).toHaveLength(1)
  } finally {
    await end()
  }
})

// In the page: only the browser knows the name and trusts the authority.
async function viaPage(page: import('@playwright/test').Page, query: string): Promise<{ id: string }[]> {
  return page.evaluate(async (q) => ((await (await fetch(`/api/v1/incidents?${q}`)).json()) as { items: { id: string }[] }).items, query)
}
