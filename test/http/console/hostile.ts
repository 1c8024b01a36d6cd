/** Contents that try to do something. */
import { exampleOf } from './examples.ts'

/** One of each kind of trick. */
export const TRICKS: Readonly<Record<string, string>> = {
  'a script': '<script>alert(1)</script>',
  'a picture that fails': '"><img src=x onerror=alert(1)>',
  attributes: `' onmouseover='alert(1)' style='position:fixed`,
  'ends of elements, and a frame': '</pre></details><iframe src="https://evil.example/"></iframe>',
  'a script as an address': 'javascript:alert(1)',
  'a script as an address in two lines': 'java\nscript:alert(1)',
  'a page as an address': 'data:text/html,<script>alert(1)</script>',
  'marks of direction': '\u202egpj.exe\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d',
  '20,000 letters without a gap': 'x'.repeat(20_000),
  '100,000 combining marks': 'a' + '\u0301'.repeat(100_000),
  '20,000 joiners': '\u200d\ufe0f'.repeat(10_000),
  'NUL and lone surrogates': 'NUL\u0000 and \ud800 alone \udfff\ud83d',
}

export const HOSTILE: readonly string[] = [
  ...Object.values(TRICKS),
  '<!--',
  '</textarea><svg/onload=alert(1)>',
  '{sender}{user}{{words}}${alert(1)}',
  'JaVaScRiPt:alert(1)//https://x',
  '  javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'vbscript:x',
  '//evil.example/x',
  '\\\\evil.example\\x',
  'https://bank.example@evil.example/',
  'https://x/" onclick="alert(1)',
  'https://[',
  'http:evil',
  'ftp://x/y',
  'https://'.repeat(2000),
  '@'.repeat(10_000),
  '👨‍👩‍👧‍👦'.repeat(5000),
  '__proto__',
  'constructor',
]

export const MEMBERS =
  `content title summaryList nameList msgList msgNum referMsg objName referMsgUserId referMsgStatus objectName
  fromUserId timestamp articles richContentMessage richContentMessages user extra sttInfo text name message mentionedInfo
  userIdList put del clear mid type fileType uId messageUId MessageUId isAdmin receiptMessageDic remoteUrl imageUri
  fileUrl sightUrl url picurl digest poi latitude longitude duration size operation data operatorUserId
  targetUserDisplayNames status reason mediaType caller callId inviteUserIds lastMessageSendTime key value userInfo
  suggest isresolve nickName msg isEscaped callbacks toString length __proto__ constructor`.split(/\s+/)

/** Every string of an example replaced, and every member that any type has; not the latter where it would be megabytes. */
export function poisoned(objectName: string, poison: string): string {
  const all = Object.fromEntries(
    (poison.length < 1000 ? MEMBERS : ['content', 'message', 'name']).map((member) => [member, poison]),
  )
  const own = JSON.parse(exampleOf(objectName)) as Record<string, unknown>
  return JSON.stringify({ ...all, ...own }, (_, value: unknown) =>
    typeof value === 'string' ? poison : value,
  )
}
