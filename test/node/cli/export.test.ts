import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noteFlags } from '../../../src/archive/logged-messages.ts'
import { countFurther } from '../../../src/archive/message-counts.ts'
import { followFurther } from '../../../src/ingest/index-messages.ts'
import { openSqliteStore } from '../../../src/node/sqlite-store.ts'
import { createArchive, KEYS, OTHER_APP, type ArchiveUnderTest } from '../../support/archive.ts'
import { hashing } from '../../support/hashing.ts'
import { bearer, deliver, deliverMessage, getJson, post } from '../../support/requests.ts'
import { aRecord, linesOfRecords } from '../../support/history-log.ts'
import { messageSamples } from '../../support/samples.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { fillArchive, settingsFor } from './archive-file.ts'
import { runArchive } from './cli-in-process.ts'

async function fillWithAllSorts(archive: ArchiveUnderTest): Promise<void> {
  await post(archive, '/api/v1/sellers/a', '{"shop_name":"店"}', bearer(KEYS.write), 'PUT')
  for (const { body } of messageSamples) await deliver(archive, body)
  await deliverMessage(archive, { msgUID: 'other app' }, OTHER_APP)
  await deliverMessage(archive, {
    msgUID: 'named',
    content: '{"content":"x","user":{"id":"u1","name":"李"}}',
  })
  await post(archive, '/chat-records/create', {
    memberId: '1',
    sellerId: 'a',
    messageType: 'RC:TxtMsg',
    cnt: 'written',
  })
  await post(archive, '/chat-records/delete', { memberId: '1', id: '1' })
  await archive.store.atomically([noteFlags(2, [3])])
}

const sendMany = (count: number) => (archive: ArchiveUnderTest) =>
  Promise.all(Array.from({ length: count }, (_, n) => deliverMessage(archive, { msgUID: `M-${n}` })))

/** Everything that lists and API show. */
async function shownBy(path: string): Promise<unknown> {
  const store = openSqliteStore(path)
  try {
    const archive = createArchive(store, hashing, {})
    while (await countFurther(store));
    const paths = [
      '/api/v1/messages?limit=500',
      '/api/v1/conversations?limit=500',
      '/api/v1/sellers',
      '/api/v1/object-names',
      '/api/v1/users/u1',
      '/chat-records/list?memberId=1&sellerId=a',
      '/chat-records/chat-list?memberId=1',
      '/api/v1/stats?startTime=2024-12-01&endTime=2024-12-31',
    ]
    return await Array.fromAsync(paths, (asked) => getJson(archive, asked))
  } finally {
    await store.close()
  }
}

describe('archive export and import', () => {
  it('give the same archive back, and then the same bytes', async () => {
    const folder = temporaryFolder()
    const [first, second] = [join(folder, '1.db'), join(folder, '2.db')]
    const [one, two] = [join(folder, '1.ndjson'), join(folder, '2.ndjson')]
    await fillArchive(first, fillWithAllSorts)
    expect(await runArchive(['export', '--output', one], settingsFor(first))).toMatchObject({ exitCode: 0 })
    expect(statSync(one).mode & 0o777).toBe(0o600)
    const imported = await runArchive(['import', '--json', one], settingsFor(second))
    expect(imported).toMatchObject({ exitCode: 0 })
    const { message } = JSON.parse(imported.stdout) as { message: Record<string, number> }
    expect(message).toMatchObject({ known: 0, conflict: 0 })
    expect(message.recorded).toBeGreaterThan(30)
    await runArchive(['export', '--output', two], settingsFor(second))
    expect(readFileSync(two, 'utf8')).toBe(readFileSync(one, 'utf8'))
    expect(readFileSync(two, 'utf8')).toContain('"logFlags":2')
    expect(await shownBy(second)).toEqual(await shownBy(first))
    expect(await runArchive(['verify'], settingsFor(second))).toMatchObject({ exitCode: 0 })
  })

  it('keep members apart whose ids differ beyond what a double holds', async () => {
    const folder = temporaryFolder()
    const [first, second, file] = [join(folder, '1.db'), join(folder, '2.db'), join(folder, '1.ndjson')]
    const ids = ['9007199254740992', '9007199254740993', '9223372036854775806', '9223372036854775807']
    await fillArchive(first, async (archive) => {
      for (const id of ids) await deliverMessage(archive, { msgUID: id, fromUserId: `u${id}` })
    })
    await runArchive(['export', '--output', file], settingsFor(first))
    expect(await runArchive(['import', file], settingsFor(second))).toMatchObject({ exitCode: 0 })
    await fillArchive(second, async (archive) => {
      for (const id of ids)
        expect(await getJson(archive, `/chat-records/list?memberId=${id}&sellerId=a`)).toMatchObject({
          items: [{ msg_uid: id, member_id: id }],
        })
    })
    const narrowed = ['export', '--member-id', '9007199254740993', '--seller-id', 'a']
    const { stdout } = await runArchive(narrowed, settingsFor(second))
    expect(stdout.match(/"msgUID":"\d+"/g)).toEqual(['"msgUID":"9007199254740993"'])
    const wrong = await runArchive([...narrowed, '--member-id', '9223372036854775808'], settingsFor(second))
    expect(wrong).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('9223372036854775807') as string,
    })
  })

  it('take in nothing twice', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'a.ndjson')]
    await fillArchive(path, fillWithAllSorts)
    await runArchive(['export', '--output', file], settingsFor(path))
    const { stdout } = await runArchive(['import', '--json', file], settingsFor(path))
    const tally = JSON.parse(stdout) as Record<string, { recorded: number; conflict: number }>
    for (const { recorded, conflict } of Object.values(tally)) expect([recorded, conflict]).toEqual([0, 0])
    await runArchive(['export', '--output', `${file}2`], settingsFor(path))
    expect(readFileSync(`${file}2`)).toEqual(readFileSync(file))
  })

  it('give new ids where there are messages already, and tell of those that differ', async () => {
    const folder = temporaryFolder()
    const [from, to, file] = [join(folder, '1.db'), join(folder, '2.db'), join(folder, 'f.ndjson')]
    await fillArchive(from, sendMany(3))
    await fillArchive(to, (archive) =>
      deliverMessage(archive, { msgUID: 'M-1', content: '{"content":"another"}' }),
    )
    await runArchive(['export', '--output', file], settingsFor(from))
    const { exitCode, stdout, stderr } = await runArchive(['import', '--json', file], settingsFor(to))
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ message: { recorded: 2, known: 0, conflict: 1 } })
    expect(stderr).toContain('1 messages are here with other words')
    await fillArchive(to, async (archive) => {
      const { items } = await getJson<{ items: { id: number; msgUID: string }[] }>(
        archive,
        '/api/v1/messages',
      )
      expect(new Set(items.map(({ msgUID }) => msgUID))).toEqual(new Set(['M-0', 'M-1', 'M-2']))
    })
  })

  it('note what a command in the file did to a message outside it', async () => {
    const folder = temporaryFolder()
    const [from, to, file] = [join(folder, '1.db'), join(folder, '2.db'), join(folder, 'f.ndjson')]
    const recall = {
      messageUId: 'M-0',
      conversationType: 1,
      targetId: 'shop_a',
      sentTime: 1,
      isDelete: false,
    }
    await fillArchive(from, async (archive) => {
      await sendMany(1)(archive)
      await deliverMessage(archive, {
        msgUID: 'R-1',
        objectName: 'RC:RcCmd',
        content: JSON.stringify(recall),
      })
    })
    await runArchive(['export', '--object-name', 'RC:RcCmd', '--output', file], settingsFor(from))
    await fillArchive(to, sendMany(1))
    expect(await runArchive(['import', file], settingsFor(to))).toMatchObject({ exitCode: 0 })
    const archived = (await shownBy(to)) as [{ items: { msgUID: string; state: { recalled: unknown } }[] }]
    expect(archived[0].items.find(({ msgUID }) => msgUID === 'M-0')?.state.recalled).not.toBe(null)
  })

  it.each(['ndjson', 'csv', 'html'])(
    'go on with a cut %s file as if it had never been cut',
    async (format) => {
      const folder = temporaryFolder()
      const [path, file] = [join(folder, 'a.db'), join(folder, 'file')]
      await fillArchive(path, sendMany(1200))
      const parameters = ['export', '--format', format, '--conversation-id', '1', '--output', file]
      await runArchive(parameters, settingsFor(path))
      const whole = readFileSync(file, 'utf8')
      truncateSync(file, Math.floor(statSync(file).size * 0.7))
      expect(await runArchive(['verify-export', file])).toMatchObject({ exitCode: 1 })
      expect(await runArchive(parameters, settingsFor(path))).toMatchObject({ exitCode: 1 })
      expect(await runArchive([...parameters, '--resume'], settingsFor(path))).toMatchObject({ exitCode: 0 })
      // Of a page to read, the day is said once more.
      if (format === 'html') expect(readFileSync(file, 'utf8').match(/<article/g)).toHaveLength(1200)
      else expect(readFileSync(file, 'utf8')).toBe(whole)
      const { exitCode, stdout } = await runArchive(['verify-export', '--json', file])
      expect({ exitCode, count: (JSON.parse(stdout) as { count: number }).count }).toEqual({
        exitCode: 0,
        count: 1200,
      })
    },
  )

  it('leave alone what is no beginning of theirs', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'file')]
    await fillArchive(path, sendMany(600))
    const resume = (output: string, ...more: string[]) =>
      runArchive(['export', '--output', output, '--resume', ...more], settingsFor(path))
    await runArchive(['export', '--output', file, '--object-name', 'RC:TxtMsg'], settingsFor(path))
    truncateSync(file, Math.floor(statSync(file).size * 0.9))
    const half = readFileSync(file)
    for (const [output, ...filters] of [
      [path],
      [file],
      [file, '--format', 'csv', '--object-name', 'RC:TxtMsg'],
    ] as const) {
      const before = readFileSync(output)
      expect(await resume(output, ...filters)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(`${output} does not begin as this export does`) as string,
      })
      expect(readFileSync(output).equals(before)).toBe(true)
    }
    expect(await resume(file, '--object-name', 'RC:TxtMsg')).toMatchObject({ exitCode: 0 })
    expect(readFileSync(file).subarray(0, 1000)).toEqual(half.subarray(0, 1000))
    // Cut in its first line.
    truncateSync(file, 10)
    expect(await resume(file, '--object-name', 'RC:TxtMsg')).toMatchObject({ exitCode: 0 })
    expect(await runArchive(['verify-export', file])).toMatchObject({ exitCode: 0 })
  })

  it('put what a callback brought in the place of what the hourly log had brought', async () => {
    const folder = temporaryFolder()
    const [from, to, file, log] = [
      join(folder, '1.db'),
      join(folder, '2.db'),
      join(folder, 'f'),
      join(folder, 'log'),
    ]
    const [msgUID, content] = ['REPL-ACED-0000-0001', '{"content": "exact",  "extra": ""}']
    await fillArchive(from, (archive) => deliverMessage(archive, { msgUID, content, toUserId: 'shop_7' }))
    writeFileSync(log, linesOfRecords([aRecord({ msgUID, content: { content: 'as the log has it' } })]))
    expect(await runArchive(['logs', 'import', log], settingsFor(to))).toMatchObject({ exitCode: 0 })
    await runArchive(['export', '--output', file], settingsFor(from))
    const { stdout } = await runArchive(['import', '--json', file], settingsFor(to))
    expect(JSON.parse(stdout)).toMatchObject({ message: { recorded: 0, known: 1, conflict: 0 } })
    await fillArchive(to, async (archive) => {
      expect(await getJson(archive, '/api/v1/messages')).toMatchObject({
        items: [{ content, origin: 'callback' }],
      })
      while ((await followFurther(archive.store)).isBehind);
      expect(await getJson(archive, '/api/v1/search?q=exact')).toMatchObject({
        items: [{ msgUID }],
      })
    })
    expect(await runArchive(['verify'], settingsFor(to))).toMatchObject({ exitCode: 0 })
  })

  it('refuse a file that was changed, cut or is none of ours', async () => {
    const folder = temporaryFolder()
    const [path, file] = [join(folder, 'a.db'), join(folder, 'a.ndjson')]
    await fillArchive(path, sendMany(3))
    await runArchive(['export', '--output', file], settingsFor(path))
    const whole = readFileSync(file, 'utf8')
    writeFileSync(file, whole.replace('M-1', 'M-7'))
    const changed = await runArchive(['import', file], settingsFor(path))
    expect(changed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('was changed') as string })
    writeFileSync(file, whole.split('\n').slice(0, 3).join('\n'))
    const cut = await runArchive(['import', file], settingsFor(path))
    expect(cut).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is cut') as string })
    appendFileSync(file, '\nnonsense\n')
    const foreign = await runArchive(['import', '--cut', file], settingsFor(path))
    expect(foreign).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('line 4: is no JSON') as string,
    })
    writeFileSync(
      file,
      Buffer.concat([Buffer.from(`${whole.split('\n')[0]}\n{"content":"`), Buffer.from([0xc4, 0xe3, 0x0a])]),
    )
    const lossy = await runArchive(['import', '--cut', file], settingsFor(path))
    expect(lossy).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('line 2 is not UTF-8') as string,
    })
  })

  it('write to stdout, and say what is wrong with what is asked for', async () => {
    const path = join(temporaryFolder(), 'a.db')
    await fillArchive(path, sendMany(3))
    const { stdout } = await runArchive(['export', '--format', 'csv'], settingsFor(path))
    expect(stdout.trim().split('\r\n')).toHaveLength(5)
    const wrong = await runArchive(['export', '--start-time', 'soon'], settingsFor(path))
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('startTime') as string })
    const pdf = await runArchive(['export', '--format', 'pdf'], settingsFor(path))
    expect(pdf).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ndjson, csv, html') as string })
  })
})
