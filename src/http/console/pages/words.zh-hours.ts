/** 完整性日历的中文文案。 */
import type { enHours } from './words.en-hours.ts'

export const zhHours: typeof enHours = {
  title: '完整性',
  about:
    '融云为每个小时生成一份历史消息日志，保留三天。读完该小时的日志，才算证实完整；除此之外没有别的依据。',
  off: '未向融云获取日志（RONGCLOUD_API 为 off），因此不会有任何小时被证实。',
  hostRefused: '无法下载日志文件：{reason}',
  paused: '暂不向融云获取该应用的日志，融云答复：{reason}',
  app: '应用',
  day: '日期',
  legend: '图例',
  uncounted: '正在统计已有归档，最新的 {count} 条消息尚未计入。',
  hour: '{time}，{state}：收到 {received}，由日志补入 {filled}，由历史消息查询补入 {queried}，重复 {duplicates}，拒绝 {refused}，未能存储 {notStored}，搁置 {keptAside}',
  states: { proven: '已证实', open: '待证实', gap: '有缺口', too_old: '已无法证实' },
  meanings: {
    proven: '融云该小时的日志已全部读完，其中每条消息都在归档中。',
    open: '尚未证实，但融云已有或将有该小时的日志；当前小时也在此列。',
    gap: '有缺失的迹象：日志中的时间与该小时不符，或日志经明文 http 下载而主机未获许可，或日志中有无法读取的行，或该小时从未证实、日志已被融云删除，且期间有回调未被接收。',
    too_old: '从未证实，融云已删除该小时的日志。没有缺失的迹象，但也无从证明完整。',
  },
  because: '。{reason}',
  reasons: {
    'times of the log do not fit its hour':
      '日志中的时间与该小时不符：其中大部分消息属于其他小时。请检查 RONGCLOUD_LOG_ZONE。',
    'the log came over plain http from a host that is not allowed':
      '日志经明文 http 下载，而主机未列入 RONGCLOUD_LOG_HOSTS：途中可能被人改动。',
    'lines of the log could not be read': '日志中有无法读取的行，已搁置。',
    'callbacks were turned away, and the log is forgotten':
      '该小时内有回调未被接收，而融云已删除该小时的日志。',
  },
  numbers: {
    received: '收到',
    filled: '由日志补入',
    queried: '由历史消息查询补入',
    duplicates: '重复',
    refused: '拒绝',
    notStored: '当时未能存储',
    keptAside: '搁置',
  },
  provenAt: '证实时间',
  notProven: '未证实',
  log: '日志导入结果',
  ofLog: {
    read: '读取行数',
    known: '已有',
    filled: '补入',
    different: '与归档不同',
    unreadable: '无法读取',
    outside: '属于其他小时',
  },
  toDeliveries: '查看搁置的回调',
}
