// Tidy: the rules of style a machine can hold, as functions from a file's text to its faults.
// The point is a tree that newcomers can read: short functions, no hidden clock, no folder named after nothing. Each rule says in its message
// what to do instead. Compiler and linter hold the rest.

import ts from 'typescript'
import { isCode, isTest, type Source } from './sources.ts'

export const functionLinesMax = 70
export const fileLinesMax = 400

export interface Size {
  /** A path, or a path and a function: `core/stock.ts` or `core/stock.ts#free`. */
  readonly of: string
  readonly lines: number
}

export function sizesOverLimit(source: Source): Size[] {
  const lines = source.text.trimEnd().split('\n').length
  const file = lines > fileLinesMax ? [{ of: source.path, lines }] : []
  return [...file, ...functionSizes(source).filter((one) => one.lines > functionLinesMax)]
}

export function functionSizes(source: Source): Size[] {
  const tree = parse(source)
  const sizes: Size[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && !isStory(node)) {
      const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line
      sizes.push({ of: `${source.path}#${nameOf(node, tree)}`, lines: lineOf(node.end) - lineOf(node.getStart(tree)) + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return sizes
}

/** Clock, randomness and the outside world, where only arguments are allowed. */
export function impurities(source: Source): string[] {
  const tree = parse(source)
  const faults: string[] = []
  const visit = (node: ts.Node): void => {
    const what = impurity(node)
    if (what) faults.push(`${placeOf(node, tree, source)}: ${what} in core; hand it in as an argument`)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return faults
}

export function isBarrel(source: Source): boolean {
  const { statements } = parse(source)
  return statements.length > 0 && statements.every((one) => ts.isExportDeclaration(one) && one.moduleSpecifier !== undefined)
}

export function opensWithItsReason(source: Source): boolean {
  const text = source.text.replace(/^#!.*\n/, '').trimStart()
  const opening = source.path.endsWith('.sql') ? /^--[^\n]*\w{3}/ : isCode(source.path) ? /^(\/\/|\/\*\*?)\s*[^\n]{25}/ : /^#[^\n]{25}/
  return opening.test(text)
}

const emptyNames = /(^|\/)(utils?|helpers?|services?|repositor(y|ies)|common|shared|lib|misc|managers?)(\/|\.[a-z.]+$)/

export const isNamedAfterNothing = (name: string): boolean => emptyNames.test(name)
export const isKebabCase = (name: string): boolean => name.split('/').every((part) => !/[A-Z_ ]/.test(part))

function parse(source: Source): ts.SourceFile {
  return ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true)
}

/** The callback of `describe` is a chapter of a test, not a function that anyone calls. */
function isStory(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText())
}

function nameOf(node: ts.SignatureDeclaration, tree: ts.SourceFile): string {
  if (node.name) return node.name.getText(tree)
  const { parent } = node
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && parent.name) return parent.name.getText(tree)
  if (ts.isCallExpression(parent)) return `${parent.expression.getText(tree).split('\n')[0]}(…)`
  return ts.isConstructorDeclaration(node) ? 'constructor' : 'function'
}

const outsideWorld = new Set([
  'performance',
  'crypto',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'navigator',
  'console',
])

function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ['Date.now', 'Math.random', 'Temporal.Now'].includes(node.getText())) return node.getText()
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()'
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()'
  if (ts.isIdentifier(node) && outsideWorld.has(node.text) && isUse(node)) return node.text
  return undefined
}

/** A name that reads a variable: neither a property (`order.process`) nor a thing of ours that is being named. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  return !('name' in parent && parent.name === node) && !ts.isBindingElement(parent)
}

function placeOf(node: ts.Node, tree: ts.SourceFile, source: Source): string {
  return `${source.path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`
}

/** Every text of a file that is SQL: the whole of an .sql file, the template literals of code that hold a statement or carry the tag `sql`. */
export function sqlOf(source: Source): string[] {
  if (source.path.endsWith('.sql')) return [withoutComments(source.text)]
  if (!isCode(source.path) || isTest(source.path)) return []
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteral(node) || ts.isStringLiteral(node)) {
      const tagged = ts.isTaggedTemplateExpression(node.parent) && /^sql\b/.test(node.parent.tag.getText())
      if (
        tagged ||
        /\b(select|insert into|update|delete from|create table|returning)\b[^]*\b(from|set|values|where|into|as)\b|^\s*select\b/.test(node.getText())
      ) {
        found.push(withoutComments(node.getText()))
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(parse(source))
  return found
}

const hiddenInputs =
  /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|uuidv4|uuidv7)\s*\(|\b(current_timestamp|current_date|current_time|localtimestamp|localtime)\b/gi

export function sqlFaults(source: Source): string[] {
  return sqlOf(source).flatMap((text) => [
    ...[...text.matchAll(hiddenInputs)].map((hit) => `${source.path}: ${hit[0]} in SQL; the caller hands in its clock and its ids`),
    ...uncastSums(text).map((sum) => `${source.path}: ${sum} is numeric and arrives as a string; cast it, as in sum(quantity)::bigint`),
  ])
}

/** `sum(..)` needs its cast right behind it, after a `filter (..)` or `over (..)`, or behind the `coalesce(..)` around it. */
function uncastSums(text: string): string[] {
  return [...text.matchAll(/\bsum\s*\(/gi)].flatMap((hit) => {
    let end = closing(text, hit.index + hit[0].length)
    for (let clause; (clause = /^\s*(filter|over)\s*\(/i.exec(text.slice(end)));) end = closing(text, end + clause[0].length)
    const inCoalesce = /coalesce\s*\(\s*$/i.test(text.slice(0, hit.index))
    if (inCoalesce) end = closing(text, end)
    return /^\s*::/.test(text.slice(end)) ? [] : [text.slice(hit.index, end).replaceAll(/\s+/g, ' ')]
  })
}

/** The position behind the bracket that closes the one opened before `from`. */
function closing(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return at + 1
  }
  return text.length
}

function withoutComments(text: string): string {
  return text.replaceAll(/--[^\n]*/g, '').replaceAll(/\/\*[^]*?\*\//g, '')
}
