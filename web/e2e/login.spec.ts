import { expect, expectAccessible, expectNoOverflow, shoot, test } from './fixtures'

test.use({ house: 'login' })

test('signing in: refused with a reason, then let in, then out again', async ({ chrome, node }) => {
  const context = await chrome.newContext({ baseURL: node.url, viewport: { width: 360, height: 760 } })
  const page = await context.newPage()
  await page.goto('/field')
  await expect(page).toHaveURL(/\/login\?to=\/field/)
  await expect(page.getByRole('heading', { name: '登录厅安' })).toBeVisible()
  await expectNoOverflow(page)
  await expectAccessible(page)
  await shoot(page, 'login-phone-zh')

  await page.getByLabel('用户名').fill('hall-director@hall-a')
  await page.locator('input[name=password]').fill('wrong')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('用户名或密码不对')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.getByRole('alert')).toContainText('password')
  await expectNoOverflow(page)
  await page.getByRole('button', { name: /Hall director/ }).click()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/field$/)
  await context.close()
})
