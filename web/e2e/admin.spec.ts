// Administration: people, the weekly grid, stand-ins, units, the organisation as text, channels, the proof of the log. What
// somebody typed survives a conflict, another page and a reload.
import { get, send } from './ask'
import { choose, expect, expectAccessible, expectNoOverflow, shoot, signIn, test } from './fixtures'

test.use({ house: 'admin' })

const kDesk = { width: 1440, height: 900 }
const kSections = ['people', 'shifts', 'absences', 'units', 'organisation', 'channels', 'words', 'log']

test('a person is added, changed, given a password, and taken out', async ({ person, chrome, node }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/admin/people')
  await page.getByRole('button', { name: '添加人员' }).click()
  const form = page.getByRole('dialog', { name: '添加人员' })
  await form.locator('input[name=name]').fill('林新')
  await form.locator('input[name=id]').fill('Clerk 7')
  await form.locator('input[name=phone]').fill('139-1234-5678')
  await choose(page, form.getByRole('combobox', { name: '单位' }), '湖滨路营业厅')
  await choose(page, form.getByRole('combobox', { name: '岗位' }), /^营业员$/)
  await form.getByText('岗位决定能看什么').click() // closes the list
  await form.getByRole('button', { name: '取消' }).click()
  await expect(form).toBeHidden()

  // Closed by mistake: what was typed is still there, also after a reload; then the id is refused with a reason.
  await page.reload()
  await page.getByRole('button', { name: '添加人员' }).click()
  await expect(form.locator('input[name=name]')).toHaveValue('林新')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form.getByRole('alert')).toContainText('小写字母')
  await form.locator('input[name=id]').fill('clerk-7@hall-a')
  await expectAccessible(page)
  await shoot(page, 'admin-person-desk')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form).toBeHidden()
  const row = page.getByRole('row').filter({ hasText: 'clerk-7@hall-a' })
  await expect(row).toContainText('营业员')
  await expect(row).not.toContainText('1234') // masked

  // The number was not retyped: it stays.
  await row.getByRole('button', { name: '修改林新' }).click()
  const edit = page.getByRole('dialog', { name: '修改林新' })
  await edit.locator('input[name=name]').fill('林新月')
  await edit.getByRole('button', { name: '保存' }).click()
  await expect(row).toContainText('林新月')
  expect((await get<{ yaml: string }>(page, '/org/source')).yaml).toContain('139-1234-5678')

  await row.getByRole('button', { name: '重设密码：林新月' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '重设密码' }).click()
  const shown = page.getByRole('dialog').getByText(/只显示这一次/)
  const password = /：(\S+)$/.exec(((await shown.textContent()) ?? '').trim())?.[1] ?? ''
  expect(password.length).toBeGreaterThan(7)
  await page.getByRole('dialog').getByRole('button', { name: '关闭' }).last().click()
  const other = await chrome.newContext({ baseURL: node.url })
  const first = await other.request.post('/api/v1/session', { data: { user: 'clerk-7@hall-a', password } })
  expect(first.status()).toBe(200)
  await other.close()

  await row.getByRole('button', { name: '去掉林新月' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '去掉' }).click()
  await expect(row).toHaveCount(0)
})

test('the weekly grid: an empty place and a conflict are shown, published, and count at once', async ({ person }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/admin/shifts')
  await choose(page, page.getByRole('combobox', { name: '单位' }), '城东新街营业厅')
  await expect(page.getByRole('region', { name: '现在在岗' }).or(page.locator('section[aria-label="现在在岗"]')).first()).toContainText('吕明哲')
  const day = page.locator('section.band').filter({ has: page.locator('table') }).first()
  await shoot(page, 'admin-shifts-desk')

  // Nobody is guide on Wednesday: said in words before anything is published.
  await day.getByRole('button', { name: '引导员，周三：张子涵' }).click()
  const cell = page.getByRole('dialog', { name: '周三 · 引导员' })
  await cell.locator('.el-tag__close').click()
  await cell.getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('周三 09:00–18:00 没有引导员在岗')).toBeVisible()
  await expect(page.getByText('有没保存的修改')).toBeVisible()

  // The night guard by day as well, in a new band at the same time: a conflict.
  await page.getByRole('button', { name: '添加时段' }).click()
  const extra = page.locator('section.band').last()
  await extra.getByLabel('从', { exact: true }).fill('10:00')
  await extra.getByLabel('到', { exact: true }).fill('12:00')
  await extra.getByRole('button', { name: '保安员，周一：没人' }).click()
  const second = page.getByRole('dialog', { name: '周一 · 保安员' })
  await choose(page, second.getByRole('combobox', { name: '谁在岗' }), /孔祥龙/)
  await expect(second.locator('.el-tag')).toContainText('孔祥龙')
  await second.locator('.el-dialog__title').click() // closes the list
  await second.getByRole('button', { name: '每天' }).click()
  await second.getByRole('button', { name: '确定' }).click()
  await expect(page.getByText('同一时间排了两个时段')).toBeVisible()
  await expectNoOverflow(page)
  await expectAccessible(page)
  await shoot(page, 'admin-shifts-marks-desk')
  await extra.getByRole('button', { name: '去掉这个时段' }).click()
  await expect(page.getByText('同一时间排了两个时段')).toHaveCount(0)

  // Another page, another unit and a reload later the change is still there.
  await page.goto('/admin/log')
  await page.goto('/admin/shifts')
  await choose(page, page.getByRole('combobox', { name: '单位' }), '城东新街营业厅')
  await expect(page.getByText('周三 09:00–18:00 没有引导员在岗')).toBeVisible()

  // Somebody publishes meanwhile: nothing is overwritten unseen, and nothing typed is lost.
  const published = await send(page, 'put', '/units/hall-e', { name: { zh: '古桥镇营业厅', en: 'Guqiao Town hall' }, phone: '0571-5550-5001' })
  expect(published.status).toBe(200)
  await expect(page.getByText('别人发布了新的一版')).toBeVisible({ timeout: 20_000 })
  await expect(page.getByRole('button', { name: '发布排班' })).toBeDisabled()
  await page.getByRole('button', { name: '保留我的，接着改' }).click()
  await page.getByRole('button', { name: '发布排班' }).click()
  await expect(page.getByText('排班已发布')).toBeVisible()
  await expect(page.getByText('有没保存的修改')).toHaveCount(0)
  const { shifts } = await get<{ shifts: { days: string[]; people: Record<string, string[]> }[] }>(page, '/roster/shifts?unit=hall-d')
  expect(shifts.filter((shift) => shift.days.includes('wed') && shift.people['guide']?.length).length).toBe(1) // on call only
})

test('a stand-in is set and listed; holidays say whose roster counts', async ({ person }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/admin/absences')
  await expect(page.getByText('国庆节')).toBeVisible()
  await choose(page, page.getByRole('combobox', { name: '谁不在' }), /陈晓雯/)
  await choose(page, page.getByRole('combobox', { name: '谁来顶' }), /吴秀兰/)
  const from = page.getByPlaceholder('从').first()
  await from.click()
  // Two days of next month, by mouse as a person would.
  const days = page.locator('.el-date-range-picker__content.is-right td.available').locator('visible=true')
  await days.nth(1).click()
  await days.nth(4).click()
  await page.locator('.el-picker-panel__footer button').locator('visible=true').last().click()
  await page.getByRole('button', { name: '安排顶班' }).click()
  await expect(page.locator('.rows li').filter({ hasText: '吴秀兰' })).toContainText('陈晓雯')
  await expectAccessible(page)
  await shoot(page, 'admin-absences-desk')
  expect((await get<{ items: unknown[] }>(page, '/roster/substitutions?unit=hall-a')).items).toHaveLength(1)
})

test('a unit’s landmarks and hours are changed, and a phone reads the new ones', async ({ person }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/admin/units')
  await page.getByRole('button', { name: '修改文晖路营业厅' }).click()
  const form = page.getByRole('dialog', { name: '修改文晖路营业厅' })
  await form.locator('input[name=landmarks-zh]').fill('文晖小学西侧，蓝色天桥下')
  await form.locator('input[name=landmarks-en]').fill('')
  await expect(form.getByRole('button', { name: '保存' })).toBeDisabled() // in both languages
  await form.locator('input[name=landmarks-en]').fill('west of the school, under the blue footbridge')
  await form.locator('.hours').getByText('周日').click()
  await expectAccessible(page)
  await shoot(page, 'admin-unit-desk')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form).toBeHidden()
  await expect(page.getByRole('article').filter({ hasText: 'hall-b' })).toContainText('蓝色天桥')
  await expect(page.getByRole('article').filter({ hasText: 'hall-b' })).toContainText('周一–周六 09:00–18:00')
  const clerk = await person('clerk@hall-b')
  const unit = await get<{ landmarks: { zh: string }; hours: { days: string[] }[] }>(clerk, '/units/hall-b')
  expect(unit.landmarks.zh).toContain('蓝色天桥')
  expect(unit.hours.flatMap((open) => open.days)).not.toContain('sun')
})

test('the organisation as text: findings by line, a conflict, and nothing typed is lost', async ({ person }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/admin/organisation?find=holidays:')
  const text = page.getByRole('textbox', { name: '组织机构文本' })
  await expect(text).toBeFocused()
  const before = await text.inputValue()
  await text.fill(before.replace(/roles: \[hall-director\]/, 'roles: [hall-directer]'))
  await page.getByRole('button', { name: '检查' }).click()
  await expect(page.getByText('有错误，不能发布')).toBeVisible()
  const finding = page.locator('.findings li.error').first()
  await expect(finding).toContainText('hall-directer')
  await shoot(page, 'admin-organisation-desk')
  await finding.getByRole('button', { name: /第 \d+ 行/ }).click()
  const chosen = await text.evaluate((box: HTMLTextAreaElement) => box.value.slice(box.selectionStart, box.selectionEnd))
  expect(chosen).toContain('hall-directer')
  await expect(page.getByRole('button', { name: '发布新版' })).toBeDisabled()

  await text.fill(before.replace('元旦', '新年'))
  await page.getByRole('button', { name: '检查' }).click()
  await expect(page.getByText('检查通过，可以发布')).toBeVisible({ timeout: 20_000 })
  // Somebody else is quicker: the text stays, it is said, and publishing waits for a decision.
  expect((await send(page, 'put', '/people/guard@hall-c', { name: '秦大勇', unit: 'hall-c', roles: ['guard'], phone: '138-0000-3096' })).status).toBe(200)
  await expect(page.getByText('别人发布了新的一版')).toBeVisible({ timeout: 20_000 })
  expect(await text.inputValue()).toContain('新年')
  await page.reload()
  await expect(page.getByText('别人发布了新的一版')).toBeVisible({ timeout: 20_000 })
  expect(await text.inputValue()).toContain('新年')
  await page.getByRole('button', { name: '保留我的，接着改' }).click()
  await page.getByRole('button', { name: '检查' }).click()
  await expect(page.getByText('检查通过，可以发布')).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: '发布新版' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '发布新版' }).click()
  await expect(page.getByText(/第 \d+ 版已生效/)).toBeVisible({ timeout: 20_000 })
  await page.goto('/admin/absences')
  await expect(page.getByText('新年')).toBeVisible()
  // Signing out forgets what was typed: it held names and numbers.
  await page.goto('/admin/organisation')
  await text.fill('units: [')
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.waitForURL(/login/)
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('tingan.draft')))).toEqual([])
  await signIn(page, 'admin@centre')
})

test('channels can be tested, and the log is proven green', async ({ person }) => {
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/admin/channels')
  await expect(page.getByText('还没有通知通道')).toBeVisible()
  await page.getByRole('link', { name: '日志校验' }).click()
  await page.getByRole('button', { name: '开始校验' }).click()
  await expect(page.getByRole('status').filter({ hasText: '日志完好' })).toBeVisible({ timeout: 30_000 })
  await shoot(page, 'admin-log-desk')
})

for (const section of kSections) {
  test(`/admin/${section} fits every width in both languages`, async ({ person }) => {
    const page = await person('admin@centre', { viewport: kDesk })
    await page.goto(`/admin/${section}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.waitForLoadState('networkidle').catch(() => undefined)
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.getByRole('button', { name: 'English' }).click()
      for (const width of [360, 768, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        await expectNoOverflow(page)
        await shoot(page, `admin-${section}-${language}-${width}`)
      }
    }
    await page.setViewportSize(kDesk)
    await expectAccessible(page)
  })
}

test('an edited plan is rehearsed on the spot, with somebody absent, before it is published', async ({ person }) => {
  test.setTimeout(120_000)
  const page = await person('admin@centre', { viewport: kDesk })
  await page.goto('/plans/outage')
  await page.getByRole('tab', { name: '编辑' }).click()
  const text = page.getByRole('textbox', { name: '预案文本' })
  const before = await text.inputValue()
  // Ten minutes instead of half an hour until the general group is told.
  await text.fill(before.replace(/(- id: half-hour[\s\S]*?at: )30m/, '$110m'), { timeout: 30_000 })
  await page.getByRole('button', { name: '推演这份文本' }).click()
  const section = page.locator('section.try')
  await choose(page, section.getByRole('combobox', { name: '谁不在' }), /葛晓红/)
  await section.getByRole('heading', { name: '推演这份文本' }).click() // closes the list
  await section.getByRole('button', { name: '开始推演' }).click()
  await expect(section.getByText('发生的事')).toBeVisible({ timeout: 30_000 })
  await section.getByRole('button', { name: '暂停' }).click()
  const slider = section.getByRole('slider')
  await slider.focus()
  await page.keyboard.press('End')
  const fired = section.locator('.escalation-fired').filter({ hasText: '三十分钟仍未恢复' })
  await expect(fired).toContainText('+10 分钟')
  await expect(section.locator('.two section').last()).not.toContainText('葛晓红')
  await expect(page.getByText('检查通过，可以发布')).toBeVisible()
  await expectAccessible(page)
  await shoot(page, 'plan-rehearsed-desk')

  // A text that cannot be read is refused with its line.
  await text.fill(before.replace('role: hall-director', 'role: hall-directer'))
  await section.getByRole('button', { name: '开始推演' }).click()
  await expect(page.locator('.findings li.error, [role=alert]').first()).toContainText('hall-directer')
  await text.fill(before)
})
