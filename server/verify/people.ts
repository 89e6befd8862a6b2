// People, checked: nobody may sign in whom no command made, and no session is open that no sign-in began. Whoever owns the database can add a row,
// but not the answer that its command would have left.

import { sql } from '../db.ts'
import { rowCheck, type CheckGroup } from './check.ts'

export const peopleGroup: CheckGroup = {
  checks: [
    rowCheck(
      'users',
      'Each user was made by a command.',
      sql`
        select 'users' as "table", 0 as site, format('user %s', u.name) as key, 'No command made this user.' as problem
        from users u -- every site: the control site's keys
        left join idempotency_key k on k.site_id = 0 and k.command = 'createUser' and k.status < 300 and (k.answer::json ->> 'id')::int = u.user_id
        where k.site_id is null
        order by u.user_id limit 1`,
    ),
    rowCheck(
      'sessions',
      'Sessions of a user are no more than his sign-ins, and of no epoch that is still to come.',
      sql`
        select 'web_session' as "table", 0 as site, format('user %s', u.name) as key,
          format('%s sessions, %s sign-ins; the latest of epoch %s, where the user is in %s.', s.sessions, coalesce(k.sign_ins, 0), s.epoch, u.epoch) as problem
        from users u -- every site: the control site's keys
        join (select user_id, count(*) as sessions, max(epoch) as epoch from web_session group by user_id) s on s.user_id = u.user_id
        left join (
          select caller, count(*) as sign_ins from idempotency_key where site_id = 0 and command = 'signIn' and status < 300 group by caller
        ) k on k.caller = 'user:' || u.user_id
        where s.sessions > coalesce(k.sign_ins, 0) or s.epoch > u.epoch
        order by u.user_id limit 1`,
    ),
  ],
}
