import type { transfer as english } from "./transfer-en.ts";

/** What the commands that move people in and out say, in Simplified Chinese. */
export const transfer: typeof english = {
  progress: (done, total) => (total === null ? `${done}` : `${done} / ${total}`),
  exported: (count, file) =>
    file === null ? `已导出 ${count} 条记录。` : `已导出 ${count} 条记录到 ${file}，仅你本人可读。`,
  csvLeavesOut:
    "CSV 不含各角色的授予时间、有期限的角色以及角色的定义。要完整迁移到另一个数据库：--format jsonl",
  exportInterrupted: "已中断。已写出的部分文件已删除。",
  fileExists: (file) => `${file} 已存在。要覆盖请加 --yes。`,
  fileUnusable: (reason) => `无法使用该文件：${reason}`,
  wouldImport: (file) => `即将导入 ${file}。想先查看结果：--dry-run`,
  reading: (format, encoding) => `按 ${format}、${encoding} 读取（--format、--encoding）。`,
  line: (line) => `第 ${line} 行`,
  actions: {
    created: "已创建",
    updated: "已更新",
    skipped: "保持不变",
    waiting: "等待首次登录",
    failed: "未导入",
  },
  imported: (counts) => `导入完成：${told(counts)}。`,
  wouldHave: (counts) => `将会：${told(counts)}。未做任何更改。`,
  soFar: (counts) => `在此之前：${told(counts)}。`,
  owners: (count) => `其中 ${count} 人因该文件成为所有者。`,
  refused: (count) => `有 ${count} 行未导入；修正后请重新导入。`,
  importInterrupted: "已中断。已完成的部分会保留；重新导入同一文件即可继续。",
  didYouMean: (name) => `是否想写“${name}”？`,
  problems: {
    not_json: () => "不是 JSON。",
    not_a_record: () => "不是 user、waiting 或 role 记录（type）。",
    too_long: () => "超过 1 MiB。",
    unknown_field: (name) => `含有未知字段“${name}”。`,
    invalid: (name) => `“${name}”的写法不正确。`,
    too_few_cells: (cells) => `单元格数与列数不一致（${cells}）。`,
    role_unknown: (role) => `没有角色“${role}”。`,
    owner_protected: () => "所有者的姓名、邮箱和头像只能由所有者更改。",
    owner_to_come: () => "其中的账号属于（或可能属于）下次登录时将成为所有者的人：只能由所有者导入。",
    owner_forbidden: () => "只能在服务器上设立所有者：postern import 或 postern users grant。",
    permission_unknown: (permission) => `代码中没有权限“${permission}”。`,
    permission_forbidden: (role) => `尚无角色授予的权限只能由所有者放入“${role}”。`,
    role_in_use: (role) =>
      `以前有过角色“${role}”，仍有人拥有或将得到它。请先收回，或运行：postern roles create ${role} --adopt`,
    identity_elsewhere: () => "其中一个身份在此已属于他人，不会被夺走。",
    identity_not_linked: () => "此人已存在，但没有这个身份。请本人在账户页面关联。",
    identity_twice: () => "同一个身份出现了两次。",
    deleted: () => "此人已在此被删除。要恢复：postern users restore",
    not_recognisable: (who) =>
      `无法据此识别任何人${who === "" ? "" : `（“${who}”）`}：需要提供方、issuer 与 subject，或邮箱，或“提供方:id”。`,
    no_role: () => "没有可等待的角色：请至少写一个。",
    unsure: (who) => `已有人可能是“${who}”，但无法确定。请按 id 授予：postern users grant`,
    exists: () => "已存在（--on-conflict fail）。",
  },
  fileProblems: {
    encoding_unknown: () => "无法判断编码。请指定：--encoding gb18030",
    encoding_invalid: (encoding) => `不是有效的 ${encoding}。可另行指定：--encoding gb18030`,
    too_long: () => "一条记录超过 1 MiB。是否有引号未闭合？",
    quote_open: () => "此处的引号没有闭合。",
    nul: () => "含有 NUL 字符。",
    no_header: () => "文件为空：第一行须为列名。",
    column_unknown: (name) => `没有名为“${name}”的列。`,
    column_twice: (name) => `列“${name}”出现了两次。`,
    version_unknown: () => "该文件由更新版本的 Postern 生成。",
    ends_early: () => "文件不完整：缺少结尾部分。",
    records_missing: (counts) => `文件中的记录少于结尾所述（${counts}）：缺少部分内容。请重新导出。`,
  },
};

function told({
  created,
  updated,
  waiting,
  skipped,
  failed,
}: Parameters<typeof english.imported>[0]): string {
  return `创建 ${created}，更新 ${updated}，等待首次登录 ${waiting}，保持不变 ${skipped}，未导入 ${failed}`;
}
