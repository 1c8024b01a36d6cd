/** Endpoint × credential → status: who may do what, whole. `+` begins a session of the console, `-` ends one. */

// none      no credential
// wrong     a key that nobody has
// expired   the member's own token, an hour too late
// other     the token of another member
// lacking   a key with every scope but the one that is needed (and not `admin`, which is all)
// scoped    a key with the scope that is needed, and no other
// member    the member's own token
// operator  a session of the console
// stale     a session of another password
// signed    RongCloud's signature in the query
// forged    a wrong one
// password  the console's, in the form and in place of a key
export const COLUMNS = [
  'none',
  'wrong',
  'expired',
  'other',
  'lacking',
  'scoped',
  'member',
  'operator',
  'stale',
  'signed',
  'forged',
  'password',
] as const

// prettier-ignore
export const TABLE: Record<string, string> = {
  //                                     none   wrong  exp.   other  lack.  scoped memb.  oper.  stale  signed forged passw.
  'POST /callbacks/audit-results':       '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/bots':                '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/chatroom-kv':         '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/chatroom-status':     '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/friends':             '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/group-info':          '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/group-operations':    '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/hosted-moderation':   '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/message-operations':  '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/messages':            '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/online-status':       '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/pre-messages':        '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/public-service':      '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/rtc-rooms':           '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/user-deactivations':  '401    401    401    401    401    401    401    401    401    200    401    401',
  'POST /callbacks/user-profiles':       '401    401    401    401    401    401    401    401    401    200    401    401',
  'GET /chat-records/chat-list':         '401    401    401    403    403    200    200    401    401    401    401    401',
  'POST /chat-records/create':           '401    401    401    403    403    200    200    401    401    401    401    401',
  'POST /chat-records/delete':           '401    401    401    403    403    200    200    401    401    401    401    401',
  'GET /chat-records/list':              '401    401    401    403    403    200    200    401    401    401    401    401',
  'GET /api/v1/changes':                 '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/completeness':            '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/console-accesses':        '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/conversations':           '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/conversations/:id':       '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/deliveries':              '401    401    401    403    403    200    403    401    401    401    401    401',
  'POST /api/v1/deliveries/:id/replay':  '401    401    401    403    403    200    403    401    401    401    401    401',
  'POST /api/v1/deliveries/:id/settle':  '401    401    401    403    403    422    403    401    401    401    401    401',
  'POST /api/v1/deliveries/replay':      '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/events':                  '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/export':                  '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/messages':                '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/messages/:id':            '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/messages/:id/context':    '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/object-names':            '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/search':                  '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/search/progress':         '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/sellers':                 '401    401    401    403    403    200    403    401    401    401    401    401',
  'PUT /api/v1/sellers':                 '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/sellers/:sellerId':       '401    401    401    403    403    200    403    401    401    401    401    401',
  'PUT /api/v1/sellers/:sellerId':       '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/stats':                   '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/stats/ingest':            '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /api/v1/users/:id':               '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /healthz':                        '200    200    200    200    200    200    200    200    200    200    200    200',
  'GET /readyz':                         '200    200    200    200    200    200    200    200    200    200    200    200',
  'GET /metrics':                        '401    401    401    403    403    200    403    401    401    401    401    401',
  'GET /openapi.json':                   '200    200    200    200    200    200    200    200    200    200    200    200',
  'GET /docs':                           '200    200    200    200    200    200    200    200    200    200    200    200',
  'GET /docs/:file':                     '200    200    200    200    200    200    200    200    200    200    200    200',
  'GET /console':                        '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/accesses':               '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/completeness':           '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/assets/:file':           '200    200    200    200    200    200    200    200    200    200    200    200',
  'GET /console/conversations/:id':      '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/deliveries':             '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/deliveries/:id':         '303    303    303    303    303    303    303    200    303    303    303    303',
  'POST /console/deliveries/:id/replay': '303    303    303    303    303    303    303    200    303    303    303    303',
  'POST /console/deliveries/:id/settle': '303    303    303    303    303    303    303    422    303    303    303    303',
  'GET /console/live':                   '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/live/stream':            '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/messages/:id':           '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/messages/:id/content':   '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/messages/:id/voice':     '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/overview':               '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/search':                 '303    303    303    303    303    303    303    200    303    303    303    303',
  'GET /console/sign-in':                '200    200    200    200    200    200    200    200    200    200    200    200',
  'POST /console/sign-in':               '401    401    401    401    401    401    401    401    401    401    401    303+',
  'POST /console/sign-out':              '303    303    303    303    303    303    303    303-   303    303    303    303',
}
