// What the node has, asked and told beside the page with the person's own session.
import type { Page } from '@playwright/test'

export async function get<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(`/api/v1${path}`)
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as T
}

export async function send(page: Page, method: 'post' | 'put' | 'delete', path: string, data: unknown = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const session = await get<{ csrf: string }>(page, '/session')
  const answer = await page.request[method](`/api/v1${path}`, { data, headers: { 'X-CSRF-Token': session.csrf } })
  const text = await answer.text()
  return { status: answer.status(), body: text ? (JSON.parse(text) as Record<string, unknown>) : {} }
}

export interface Row {
  id: string
  type: string
  state: string
  silent: boolean
}
export async function incidents(page: Page, query: string): Promise<Row[]> {
  return (await get<{ items: Row[] }>(page, `/incidents?${query}`)).items
}
export interface Happened {
  type: string
  by: { person: string }
  text?: { zh: string }
}
export async function timeline(page: Page, id: string): Promise<Happened[]> {
  return (await get<{ items: Happened[] }>(page, `/incidents/${id}/timeline?limit=500`)).items
}
