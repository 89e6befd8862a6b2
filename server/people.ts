// People, the shell: which users and sessions a command is about, so that the lane reads them.

import {
  activateUser,
  createUser,
  deactivateUser,
  editUser,
  endSessions,
  setPassword,
  signIn,
  signOut,
  type ActivateUser,
  type CreateUser,
  type DeactivateUser,
  type EditUser,
  type EndSessions,
  type SetPassword,
  type SignIn,
  type SignOut,
} from '../core/people.ts'
import type { Needs, Stage } from './stage.ts'

export type PeopleCommand = CreateUser | EditUser | SetPassword | DeactivateUser | ActivateUser | SignIn | SignOut | EndSessions

const user = ({ name }: { readonly name: string }): Needs => ({ codes: { users: [name] } })

const createUserStage: Stage<CreateUser> = { status: 201, needs: user, decide: createUser }
const editUserStage: Stage<EditUser> = { status: 200, needs: user, decide: editUser }
const setPasswordStage: Stage<SetPassword> = { status: 200, needs: user, decide: setPassword }
const deactivateUserStage: Stage<DeactivateUser> = { status: 200, needs: user, decide: deactivateUser }
const activateUserStage: Stage<ActivateUser> = { status: 200, needs: user, decide: activateUser }
const signInStage: Stage<SignIn> = {
  status: 200,
  needs: ({ name, replaces }) => ({ codes: { users: [name], sessions: replaces === null ? [] : [replaces] } }),
  decide: signIn,
}
const signOutStage: Stage<SignOut> = { status: 200, needs: ({ tokenSha256 }) => ({ codes: { sessions: [tokenSha256] } }), decide: signOut }
const endSessionsStage: Stage<EndSessions> = {
  status: 200,
  needs: ({ name, keeps }) => ({ codes: { users: [name], sessions: keeps === null ? [] : [keeps] } }),
  decide: endSessions,
}

export const peopleStages: { readonly [Kind in PeopleCommand['kind']]: Stage<Extract<PeopleCommand, { kind: Kind }>> } = {
  createUser: createUserStage,
  editUser: editUserStage,
  setPassword: setPasswordStage,
  deactivateUser: deactivateUserStage,
  activateUser: activateUserStage,
  signIn: signInStage,
  signOut: signOutStage,
  endSessions: endSessionsStage,
}
