// The forms of the program are JSON Schemas with names in both languages. What of them the pages use.
import type { Text } from '@/api/types'

export interface Schema {
  type?: string
  title?: string
  'x-title'?: Text
  'x-description'?: Text
  const?: unknown
  oneOf?: { const: string; 'x-title'?: Text; title?: string }[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  format?: string
  contentEncoding?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  if?: Schema
  then?: Schema
  dependentRequired?: Record<string, string[]>
}
export type Value = string | number | boolean | Value[] | { [key: string]: Value } | undefined
export type Values = { [key: string]: Value }

export type Kind = 'text' | 'long' | 'time' | 'number' | 'yesno' | 'confirm' | 'choice' | 'choices' | 'list' | 'group' | 'signature'

const kLong = 200

export function kindOf(schema: Schema): Kind {
  if (schema.const === true) return 'confirm'
  if (schema.oneOf) return 'choice'
  if (schema.type === 'boolean') return 'yesno'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'array') return schema.items?.oneOf ? 'choices' : 'list'
  if (schema.type === 'object') return 'group'
  if (schema.contentEncoding === 'base64') return 'signature'
  if (schema.format === 'date-time') return 'time'
  return (schema.maxLength ?? 0) > kLong ? 'long' : 'text'
}

export const titleOf = (schema: { 'x-title'?: Text; title?: string }): Text =>
  schema['x-title'] ?? { zh: schema.title ?? '', en: schema.title ?? '' }

// Without what was left empty: an empty field is not an answer.
export function pruned(value: Value): Value {
  if (Array.isArray(value)) {
    const kept = value.map(pruned).filter((each) => each !== undefined)
    return kept.length > 0 ? kept : undefined
  }
  if (typeof value === 'object') {
    const kept = Object.entries(value)
      .map(([key, each]) => [key, pruned(each)] as const)
      .filter(([, each]) => each !== undefined)
    return kept.length > 0 ? Object.fromEntries(kept) : undefined
  }
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return typeof value === 'number' && Number.isNaN(value) ? undefined : value
}

// What has to be filled in, given what is filled in already.
export function requiredOf(schema: Schema, values: Values): Set<string> {
  const wanted = new Set(schema.required ?? [])
  const holds = (condition: Schema) =>
    (condition.required ?? []).every((name) => values[name] !== undefined) &&
    Object.entries(condition.properties ?? {}).every(([name, part]) => !('const' in part) || values[name] === part.const)
  if (schema.if && schema.then && holds(schema.if)) schema.then.required?.forEach((name) => wanted.add(name))
  for (const [name, more] of Object.entries(schema.dependentRequired ?? {})) {
    if (pruned(values[name]) !== undefined) more.forEach((each) => wanted.add(each))
  }
  return wanted
}

// Paths of what is missing ("robbers.0.height"); the program checks the rest and says so.
export function missingOf(schema: Schema, values: Values, prefix = ''): string[] {
  const out: string[] = []
  const wanted = requiredOf(schema, values)
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const value = values[name]
    const path = prefix + name
    const empty = pruned(value) === undefined || (part.const === true && value !== true)
    if (wanted.has(name) && empty) out.push(path)
    else if (part.type === 'array' && Array.isArray(value) && !empty) {
      if (value.length < (part.minItems ?? 0)) out.push(path)
      if (part.items?.type === 'object') value.forEach((each, n) => out.push(...missingOf(part.items!, (each ?? {}) as Values, `${path}.${n}.`)))
    } else if (part.type === 'object' && !empty) out.push(...missingOf(part, value as Values, `${path}.`))
  }
  return out
}

// <input type="datetime-local"> and RFC 3339 with this device's zone, back and forth.
export function toLocal(iso: Value): string {
  return typeof iso === 'string' ? iso.slice(0, 16) : ''
}
export function fromLocal(local: string): string | undefined {
  if (!local) return undefined
  const minutes = -new Date(local).getTimezoneOffset()
  const pad = (n: number) => String(n).padStart(2, '0')
  const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`
  return `${local.slice(0, 16)}:00${zone}`
}
