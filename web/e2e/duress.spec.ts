// A robber has the alarm called off. The hall sees it as over; above the hall it runs on, and they know that it was forced.
import type { Page } from '@playwright/test'
import { expect, expectAccessible, expectNoOverflow, shoot, test } from './fixtures'

test.use({ house: 'duress' })

interface Row {
  id: string
  type: string
  state: string
  duress: { covered: boolean; by: { person: string } } | null
}
async function robberies(page: Page): Promise<Row[]> {
  const answer = await page.request.get('/api/v1/incidents?unit=hall-a&type=robbery')
  return ((await answer.json()) as { items: Row[] }).items
}

test('a stand-down under duress: over in the hall, not above it', async ({ person }) => {
  const desk = await person('hall-director@hall-a', { viewport: { width: 1440, height: 900 } })
  await desk.getByText('解除口令').click()
  await desk.getByLabel('平安口令').fill('2468')
  await desk.getByLabel('受胁迫口令').fill('2468')
  await expect(desk.getByText('两个口令不能一样')).toBeVisible()
  await desk.getByLabel('受胁迫口令').fill('1357')
  await desk.getByLabel('您自己的登录密码').fill('tingan-demo')
  await expectAccessible(desk)
  await shoot(desk, 'words-desk-zh')
  await desk.getByRole('button', { name: '保存口令' }).click()
  await expect(desk.getByText('已设置', { exact: true })).toBeVisible()
  await desk.getByText('解除口令').click()

  const wall = await person('general-group@centre', { viewport: { width: 1920, height: 1080 } })
  await wall.goto('/centre')
  const phone = await person('clerk@hall-a')
  await expect(phone.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
  await phone.getByRole('button', { name: '厅安', exact: true }).hover()
  await phone.mouse.down()
  const cover = phone.getByRole('main', { name: '计算器' })
  await expect(cover).toBeVisible()
  await phone.mouse.up()
  await expect(async () => expect(await robberies(phone)).toMatchObject([{ state: 'open', duress: null }])).toPass()
  const tile = wall.getByRole('button', { name: /抢劫/ })
  await expect(tile).toBeVisible()
  await expect(tile).not.toContainText('被胁迫解除')

  // Where there are words the calculator is nothing but one, however long somebody presses.
  await cover.locator('output').hover()
  await phone.mouse.down()
  await phone.waitForTimeout(1800)
  await phone.mouse.up()
  await expect(phone.getByText('都处理完了吗？')).toHaveCount(0)
  const type = async (keys: string) => {
    for (const key of keys) await phone.getByRole('button', { name: key === 'C' ? '清除' : key, exact: true }).click()
  }
  await type('9999=')
  await expect(cover.locator('output')).toHaveText('9999')
  await type('12+7=')
  await expect(cover.locator('output')).toHaveText('19')
  expect(await robberies(phone)).toMatchObject([{ state: 'open', duress: null }])
  await type('1357=')

  await expect(cover).toBeHidden()
  await expect(phone.getByRole('heading', { name: '出了什么事？' })).toBeVisible()
  await expect(phone.locator('body')).not.toContainText('胁迫')
  await expect(desk.getByText('没有正在处置的事件').first()).toBeVisible()
  for (const page of [phone, desk]) expect(await robberies(page)).toMatchObject([{ state: 'retracted', duress: null }])

  await expect(tile).toContainText('被胁迫解除')
  await expectNoOverflow(wall)
  await shoot(wall, 'centre-duress-zh')
  expect(await robberies(wall)).toMatchObject([{ state: 'open', duress: { covered: true, by: { person: 'clerk@hall-a' } } }])
  await tile.click()
  await expect(wall.getByRole('alert').filter({ hasText: '被胁迫解除' })).toContainText('厅里的人只看到已解除')
  await expect(wall.getByText('处置中').first()).toBeVisible()
})
