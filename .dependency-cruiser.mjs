// The dependency rule of ARCHITECTURE.md, built from the list of rooms in tools/rooms.ts. Tests may reach across (a test of a stage may
// use the server), but nothing, tests included, may run in a circle. There is no list of exceptions, and there shall be none.

import { flowStages, groups, loopStages, observers, stagePath } from './tools/rooms.ts'

// A test, or what tests share.
const test = '\\.test\\.ts$|(^|/)test-[^/]+\\.ts$'
const forbid = (name, from, to) => ({ name, severity: 'error', from, to })

// The last group has nothing after it, and an empty list would forbid everything.
const towardsLater = groups
  .slice(0, -1)
  .map(({ name, path, level }) =>
    forbid(
      `${name} imports only what comes before it`,
      { path, pathNot: test },
      { path: groups.filter((other) => other.name !== name && other.level >= level).map((other) => other.path) },
    ),
  )

const stagesOf = (room, stages) =>
  stages
    .slice(0, -1)
    .map((stage, at) =>
      forbid(
        `${room}/${stage} imports only earlier stages`,
        { path: stagePath(room, stage), pathNot: test },
        { path: stages.slice(at + 1).map((later) => stagePath(room, later)) },
      ),
    )

const towardsLaterStages = ['core', 'server'].flatMap((room) => [...stagesOf(`${room}/flow`, flowStages), ...stagesOf(`${room}/loop`, loopStages)])

const driver = 'node_modules/(@types/)?pg[-/]'

export default {
  forbidden: [
    ...towardsLater,
    ...towardsLaterStages,
    forbid('nothing runs in a circle', {}, { circular: true }),
    forbid('core is pure', { path: '^core/', pathNot: test }, { pathNot: '^core/' }),
    forbid('api knows core and zod only', { path: '^api/', pathNot: test }, { pathNot: '^(core|api)/|node_modules/zod/' }),
    forbid('web is imported by nobody', { pathNot: '^web/' }, { path: '^web/' }),
    // The server's schemas would weigh more than all else that a browser loads.
    forbid('web imports only types of api', { path: '^web/' }, { path: '^api/', dependencyTypesNot: ['type-only'] }),
    forbid('one file imports the database driver', { pathNot: '^server/db\\.ts$' }, { path: driver }),
    forbid(
      'what recounts an explanation shares nothing with what explains',
      { path: '^scenarios/explain/recount/' },
      { pathNot: '^scenarios/explain/recount/' },
    ),
    forbid('no file outside imports a test', { pathNot: [test, '^(scenarios|tools)/'] }, { path: test }),
    ...observers.map((room) => forbid(`${room} is imported by nobody`, { pathNot: `^(${observers.join('|')})/|^[^/]+$` }, { path: `^${room}/` })),
    forbid('every import is found', {}, { couldNotResolve: true, pathNot: '^virtual:' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(quartermaster-data|coverage|data|docs|web/dist)/' },
    // Type-only imports count: who needs a type depends on its file.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
}
