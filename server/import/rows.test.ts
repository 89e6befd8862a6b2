import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { removeTemporary, temporaryFolder } from '../postgres/temporary.ts'
import { rowsOf } from './rows.ts'

const folder = await temporaryFolder()
afterAll(() => removeTemporary(folder))

async function read(text: string | Buffer): Promise<string[]> {
  const file = join(folder, 'a.csv')
  await writeFile(file, text)
  const rows: string[] = []
  for await (const some of rowsOf(file)) {
    for (const one of some) rows.push('broken' in one ? `${one.row} broken ${JSON.stringify(one.broken)}` : `${one.row} ${one.fields.join('|')}`)
  }
  return rows
}

describe('a file', () => {
  test.each([
    ['a byte order mark, CRLF',        '\ufeffa,b\r\n1,2\r\n',                       ['1 a|b', '2 1|2']],
    ['LF, no end of the last line',    'a,b\n1,2',                                   ['1 a|b', '2 1|2']],
    ['commas and quotes in quotes',    'a,b\n"1,5","say ""hi"""\n',                  ['1 a|b', '2 1,5|say "hi"']],
    ['a line end in quotes',           'a,b\r\n1,"x\r\ny"\r\n2,z\r\n',               ['1 a|b', '2 1|x\r\ny', '3 2|z']],
    ['blank lines, which are counted', 'a,b\n\n1,2\n\n',                             ['1 a|b', '3 1|2']],
    ['fields too few and too many',    'a,b\n1\n1,2,3\n',                            ['1 a|b', '2 1', '3 1|2|3']],
    ['nothing',                        '',                                           []],
    ['München and Sèvres',             'a\nMünchen\nSèvres\n',                       ['1 a', '2 München', '3 Sèvres']],
    ['a quote in the middle',          'a,b\n1,x"y\n2,ok\n3,ok\n',                   ['1 a|b', '2 broken "1,x\\"y\\n"', '3 2|ok', '4 3|ok']],
    ['text behind a quote',            'a,b\r\n1,"x"y\r\n2,"o\r\nk"\r\n3,ok\r\n',    ['1 a|b', '2 broken "1,\\"x\\"y\\r\\n"', '3 2|o\r\nk', '4 3|ok']],
    ['a quote that is never closed',   'a,b\n1,"x\n2,ok\n3,ok\n',                    ['1 a|b', '2 broken "1,\\"x\\n"', '3 2|ok', '4 3|ok']],
    ['two stray quotes, rows between', 'a,b\n1,x"y\n2,ok\n3,"z\n4,ok',               ['1 a|b', '2 broken "1,x\\"y\\n"', '3 2|ok', '4 broken "3,\\"z\\n"', '5 4|ok']],
  ])('with %s', async (_name, text, rows) => {
    expect(await read(text)).toEqual(rows)
  })

  test('in another encoding: the wrong bytes become a character that no text may hold', async () => {
    expect(await read(Buffer.from('a\nM\xfcnchen\n', 'latin1'))).toEqual(['1 a', '2 M\0nchen'])
  })

  test('larger than its pieces: no row is lost, doubled or cut, wherever the pieces end', async () => {
    const wanted = Array.from({ length: 30_000 }, (_, index) => `${index},"row ""${index}""\n of many",ü€😀`)
    const rows = await read(`a,b,c\n${wanted.join('\n')}\n`)
    expect(rows).toHaveLength(30_001)
    expect(rows.slice(1)).toEqual(wanted.map((_, index) => `${index + 2} ${index}|row "${index}"\n of many|ü€😀`))
  })

  test('with a quote that is never closed at its beginning: one row is lost, a million characters on', async () => {
    const rows = await read(`a,b\n1,"x\n${'2,ok\n'.repeat(400_000)}`)
    expect(rows).toHaveLength(400_002)
    expect(rows.every((row, index) => index < 2 || row === `${index + 1} 2|ok`)).toBe(true)
    expect(rows.slice(0, 3)).toEqual(['1 a|b', '2 broken "1,\\"x\\n"', '3 2|ok'])
  })
})
