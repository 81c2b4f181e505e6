// Sign-ins of one's own, the password once more, and what an auditor sees.
import { get } from './ask'
import { expect, expectAccessible, expectNoOverflow, signIn, test } from './fixtures'

test.use({ house: 'account' })

const kDesk = { width: 1440, height: 900 }

test('a person sees where they are signed in and ends the others', async ({ person, chrome, node }) => {
  const page = await person('duty-manager@hall-d', { viewport: kDesk })
  const other = await chrome.newContext({ baseURL: node.url })
  const second = await other.newPage()
  await signIn(second, 'duty-manager@hall-d')
  await page.goto('/')
  await page.getByTitle('我的登录').click()
  await expect(page.getByRole('heading', { name: '我的登录' })).toBeVisible()
  await expect(page.getByRole('listitem')).toHaveCount(2)
  await expect(page.getByText('本机')).toHaveCount(1)
  await expectAccessible(page)
  await expectNoOverflow(page)
  await page.getByRole('button', { name: '结束其他全部' }).click()
  await expect(page.getByRole('listitem')).toHaveCount(1)
  // The other one learns it at once: its stream ends with the session.
  await expect(second).toHaveURL(/\/login/, { timeout: 20_000 })
  await other.close()
})

test('the password is asked for once more and what was typed goes on', async ({ person }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  // The node would ask after five minutes; here it asks at once.
  let asked = 0
  await page.route('**/api/v1/units/*', async (route) => {
    if (route.request().method() !== 'PUT' || asked++ > 0) return route.continue()
    await route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'x', title: 'x', status: 403, detail: 'x', code: 'auth.confirm-needed', message: { zh: '请再输一次密码', en: 'Again' } }),
    })
  })
  await page.goto('/admin/units')
  await page.getByRole('button', { name: /^修改/ }).last().click()
  const form = page.getByRole('dialog').first()
  await form.locator('input[name=phone]').fill('0571-5550-1234')
  await form.getByRole('button', { name: '保存' }).click()
  const ask = page.getByRole('dialog', { name: '请再输一次密码' })
  await expect(ask).toBeVisible()
  await ask.locator('input[name=again]').fill('wrong')
  await ask.getByRole('button', { name: '确定' }).click()
  await expect(ask.getByRole('alert')).toBeVisible()
  await expectAccessible(page)
  await ask.locator('input[name=again]').fill('tingan-demo')
  await ask.getByRole('button', { name: '确定' }).click()
  await expect(ask).toBeHidden()
  await expect.poll(() => asked).toBe(2)
})

test('an auditor reads the log of security and nothing else', async ({ person }) => {
  const page = await person('auditor@centre', { viewport: kDesk })
  await expect(page).toHaveURL(/\/security/)
  await expect(page.getByRole('heading', { name: '安全日志' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'auditor@centre' }).filter({ hasText: '登录' }).first()).toBeVisible()
  await expectAccessible(page)
  await expectNoOverflow(page)
  await page.goto('/incidents')
  await expect(page).toHaveURL(/\/security/)
  const refused = await page.request.get('/api/v1/incidents')
  expect(refused.status()).toBe(403)
  const all = await get<{ items: { kind: string }[] }>(page, '/security-events')
  expect(all.items.length).toBeGreaterThan(0)
})
