// The rules by which the same statements run on one PostgreSQL and on Citus, checked on the text of the SQL in the server's source.
// A statement that touches a table spread by site_id names one site by a parameter, so that one shard answers it; where every site is meant
// (verification, reports) the SQL says so itself: `-- every site: why`.
//
// This reads text, not a parse tree: it knows the forms this code base writes. What it cannot read it reports, and a simpler form is written.

import ts from 'typescript'

export interface Statement {
  readonly line: number
  /** Values stand as $1, $2. */
  readonly text: string
}

/**
 * The SQL of a source file: templates tagged `sql`, and text given to `.script(..)` or as `text:`. A function that puts a condition into its
 * template (`const plannedWhere = (condition: Statement) => sql`..``) is read where it is called, with the condition in its place.
 */
export function statementsIn(source: string): readonly Statement[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true)
  const builders = buildersIn(file)
  const found: Statement[] = []
  const add = (at: ts.Node, text: string): void => void found.push({ line: file.getLineAndCharacterOfPosition(at.getStart()).line + 1, text })
  const visit = (node: ts.Node): void => {
    const template = templateOf(node)
    const built = builtBy(node, builders)
    if (built) add(node, built)
    else if (template && ![...builders.values()].some((builder) => builder.template === template)) add(template, textOf(template))
    else if (!template) ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

interface Builder {
  readonly hole: string
  readonly template: Template
}

type Template = ts.TemplateLiteral | ts.StringLiteral

function buildersIn(file: ts.SourceFile): ReadonlyMap<string, Builder> {
  const builders = new Map<string, Builder>()
  for (const declaration of file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => declarationList.declarations)) {
    const body = declaration.initializer
    const hole = body && ts.isArrowFunction(body) && body.parameters.length === 1 ? body.parameters[0]! : undefined
    const template = hole?.type?.getText() === 'Statement' ? templateOf((body as ts.ArrowFunction).body) : undefined
    if (hole && template) builders.set(declaration.name.getText(), { hole: hole.name.getText(), template })
  }
  return builders
}

/** A condition that is not written out at the call is a value to us, and the statement then lacks its site. */
function builtBy(node: ts.Node, builders: ReadonlyMap<string, Builder>): string | undefined {
  const builder = ts.isCallExpression(node) ? builders.get(node.expression.getText()) : undefined
  const condition = builder && templateOf((node as ts.CallExpression).arguments[0]!)
  return builder && textOf(builder.template, new Map(condition ? [[builder.hole, textOf(condition)]] : []))
}

/** Where a source file asks an error which constraint it broke: through a Citus coordinator that is always empty. */
export function constraintReadsIn(source: string): readonly number[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true)
  const lines: number[] = []
  const visit = (node: ts.Node): void => {
    const read = ts.isPropertyAccessExpression(node) && node.name.text === 'constraint'
    const taken = ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === 'constraint'
    if (read || taken) lines.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return lines
}

function templateOf(node: ts.Node): Template | undefined {
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sql') return node.template
  const text = ts.isPropertyAssignment(node) && node.name.getText() === 'text' ? node.initializer : scriptOf(node)
  return text && (ts.isStringLiteral(text) || ts.isNoSubstitutionTemplateLiteral(text) || ts.isTemplateExpression(text)) ? text : undefined
}

function scriptOf(node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  return node.expression.name.text === 'script' ? node.arguments[0] : undefined
}

/** SQL put into SQL stands where it is put; every other value is a parameter. */
function textOf(template: Template, known: ReadonlyMap<string, string> = new Map()): string {
  if (!ts.isTemplateExpression(template)) return template.text
  return template.templateSpans.reduce((before, { expression, literal }, index) => {
    const inner = templateOf(expression)
    return before + (inner ? textOf(inner) : (known.get(expression.getText()) ?? `$${index + 1}`)) + literal.text
  }, template.head.text)
}

/** Faults of one statement; `siteTables` are the tables spread by site_id. */
export function statementFaults(text: string, siteTables: readonly string[]): readonly string[] {
  const everySite = /--\s*every site:\s*\S+/.test(text)
  const statement = text
    .replace(/--[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .toLowerCase()
  const uses = usesOf(statement, new Set(siteTables))
  const byClock = /\bdo update\b.*\b(now|clock_timestamp|statement_timestamp|random|gen_random_uuid)\s*\(/.test(statement)
  const clock = byClock ? ['calls a clock or a lot in DO UPDATE: put the value into the row and use excluded'] : []
  if (uses.length === 0) return clock
  const [first] = uses
  const locks = /\bfor (update|no key update|share|key share)\b|\bskip locked\b/.test(statement)
  const oneSite = namesOneSite(statement)
  return [
    ...clock,
    ...forbidden.filter(({ pattern }) => pattern.test(statement)).map(({ why }) => why),
    ...(locks && !oneSite ? [`locks rows of ${first!.table} over several sites: lock site by site, ascending`] : []),
    ...(everySite ? [] : siteFaults(statement, uses, oneSite)),
  ]
}

const forbidden: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /\bmerge into\b/, why: 'uses MERGE: write insert .. on conflict, or update .. from' },
  { pattern: /\b(rollup|cube|grouping sets)\s*\(/, why: 'groups in several ways at once: write a union all of group bys' },
  { pattern: /\b(ctid|xmin|tableoid)\b/, why: 'reads a system column, which means nothing across shards' },
  { pattern: /\bset_config\s*\(/, why: 'calls set_config, which does not reach the shards' },
  { pattern: /\bset\s+(\w+\.)?site_id\s*=/, why: 'changes site_id, by which the rows are spread' },
]

interface Use {
  readonly table: string
  readonly alias: string
  readonly inserted: boolean
}

const notAnAlias = new Set(
  'from where on using set join left right inner cross full natural order group having limit offset for union except intersect returning values select as default with fetch in and or do lateral tablesample window'.split(
    ' ',
  ),
)

/** `from a, b as c` */
const listed = /\b(?:from|using)(?: \w+(?: (?:as )?\w+)?,)+ \w+/g

/** Where a site table stands as a table: after from, join, into, update, using, only, or after a comma in such a list. */
function usesOf(statement: string, siteTables: ReadonlySet<string>): readonly Use[] {
  const defined = new Set(
    [...statement.matchAll(/(?:\bwith(?: recursive)?|,)\s*(\w+)\s*(?:\([^()]*\)\s*)?as\s*(?:not materialized|materialized)?\s*\(/g)].map(
      (match) => match[1]!,
    ),
  )
  const place = /(\bfrom|\bjoin|\binto|\bupdate|\busing|\bonly|\btruncate(?: table)?|\block table)\s+(?:public\.)?"?(\w+)"?(?=\s+(?:as\s+)?(\w+)|)/g
  return [...statement.replace(listed, (list) => list.replaceAll(', ', ' from ')).matchAll(place)]
    .filter(([, , table]) => siteTables.has(table!) && !defined.has(table!))
    .map(([, before, table, alias]) => ({
      table: table!,
      alias: alias !== undefined && !notAnAlias.has(alias) ? alias : table!,
      inserted: before === 'into',
    }))
}

/** `site_id = $1`, or a row of values or a selection that begins with a parameter. */
function namesOneSite(statement: string): boolean {
  return /\bsite_id\s*=\s*\$\d/.test(statement) || /\$\d+(?:::int(?:eger)?)?\s*=\s*(?:\w+\.)?site_id\b/.test(statement)
}

function siteFaults(statement: string, uses: readonly Use[], oneSite: boolean): readonly string[] {
  const inserts = uses.filter(({ inserted }) => inserted).flatMap(({ table }) => insertFaults(statement, table))
  const reads = uses.filter(({ inserted }) => !inserted)
  if (reads.length === 0) return inserts
  if (!oneSite) return [...inserts, `touches ${reads[0]!.table} without "site_id = " a parameter (or "-- every site: why")`]
  const loose = reads.filter(({ table, alias }) => !isTied(statement, alias, table))
  return [...inserts, ...loose.map(({ table, alias }) => `does not say the site of ${alias === table ? table : `${table} ${alias}`}`)]
}

function isTied(statement: string, alias: string, table: string): boolean {
  const equal = [
    `\\b${alias}\\.site_id\\s*=`,
    `=\\s*${alias}\\.site_id\\b`,
    `\\(${alias}\\.site_id,.*?\\)\\s*=\\s*\\(`,
    String.raw`\busing\s*\(\s*site_id\b`,
  ]
  // An unqualified column is this table's where the statement gives it no other name.
  if (alias === table || !statement.includes(`${alias}.`)) equal.push(String.raw`(?<![.\w])site_id\s*=\s*\$\d`)
  return equal.some((pattern) => new RegExp(pattern).test(statement))
}

function insertFaults(statement: string, table: string): readonly string[] {
  const into = new RegExp(`\\binto\\s+(?:public\\.)?${table}\\b(?:\\s+as\\s+\\w+)?\\s*(?:\\(([^()]*)\\))?\\s*(.*)`).exec(statement)
  const [, columns, rest] = into ?? []
  if (columns === undefined || !/^\s*site_id\s*(,|$)/.test(columns)) return [`inserts into ${table} without naming site_id first`]
  const parameter = /^(?:overriding \w+ value )?(?:values\s*\(|select(?: distinct)?)\s*(?:\$\d+|\d+|\w+\.site_id|site_id)\b/.test(rest!.trim())
  return parameter ? [] : [`inserts into ${table} rows whose site is not a parameter: one statement a site`]
}
