// What a person does on the phone, as entries of the outbox.
import { useOutbox } from '@/offline/outbox'
import type { FactValue, MyStep, PlanRow, Text } from '@/api/types'

const both = (zh: string, en: string): Text => ({ zh, en })
const joined = (before: Text, text: Text): Text => both(before.zh + text.zh, before.en + text.en)

export function useActions() {
  const outbox = useOutbox()
  const stepUrl = (item: MyStep) => `/api/v1/incidents/${item.incident}/steps/${item.step.id}`
  const stepTarget = (item: MyStep) => `step:${item.incident}/${item.step.id}`

  return {
    declare: (plan: PlanRow, unit: string, drill: boolean) =>
      outbox.add({
        url: '/api/v1/incidents',
        body: { unit, type: plan.id, drill },
        label: joined(both('上报：', 'Declare: '), plan.title),
        target: `declare:${plan.id}`,
      }),
    // Nothing on any screen may tell what it was.
    declareSilently: (plan: PlanRow, unit: string) =>
      outbox.add({
        url: '/api/v1/incidents',
        body: { unit, type: plan.id },
        label: both('其他登记', 'Other entry'),
        target: `declare:${plan.id}`,
        quiet: true,
      }),
    retract: (incident: string) =>
      outbox.add({
        url: `/api/v1/incidents/${incident}/retract`,
        body: {},
        label: both('撤回上报', 'Take the report back'),
        target: `retract:${incident}`,
      }),
    done: (item: MyStep) =>
      outbox.add({
        url: stepUrl(item),
        body: { state: 'done' },
        label: joined(both('做完：', 'Done: '), item.step.text),
        target: stepTarget(item),
      }),
    cannot: (item: MyStep, reason: string) =>
      outbox.add({
        url: stepUrl(item),
        body: { state: 'declined', reason },
        label: joined(both('做不了：', 'Cannot: '), item.step.text),
        target: stepTarget(item),
      }),
    answer: (item: MyStep, value: FactValue, label: Text) =>
      outbox.add({
        url: `/api/v1/incidents/${item.incident}/facts`,
        body: { set: { [item.step.asks?.fact ?? '']: value } },
        label: joined(both('回答：', 'Answer: '), label),
        target: stepTarget(item),
      }),
    state: (incident: string, fact: string, value: FactValue, quiet: boolean) =>
      outbox.add({
        url: `/api/v1/incidents/${incident}/facts`,
        body: { set: { [fact]: value } },
        label: both('情况更新', 'An update'),
        target: `fact:${incident}/${fact}`,
        quiet,
      }),
    acknowledge: (notice: string) =>
      outbox.add({
        url: `/api/v1/notices/${notice}/ack`,
        body: {},
        label: both('签收通知', 'Acknowledge a notice'),
        target: `notice:${notice}`,
      }),
    evidence: (incident: string, file: Blob, kind: 'photo' | 'voice') =>
      outbox.add({
        url: `/api/v1/incidents/${incident}/evidence`,
        body: file,
        label: kind === 'photo' ? both('照片', 'Photo') : both('语音', 'Voice note'),
        target: `evidence:${incident}`,
      }),
    form: (incident: string, form: string, title: Text, content: unknown) =>
      outbox.add({
        url: `/api/v1/incidents/${incident}/forms/${form}`,
        body: { content },
        label: joined(both('登记表：', 'Form: '), title),
        target: `form:${incident}/${form}`,
      }),
    headcount: (incident: string, body: unknown) =>
      outbox.add({
        url: `/api/v1/incidents/${incident}/headcount`,
        body,
        label: both('清点人数', 'Headcount'),
        target: `headcount:${incident}`,
      }),
  }
}
