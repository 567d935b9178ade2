import type { webhooks as english } from "./webhooks-en.ts";

/** What the commands about webhooks say, in Simplified Chinese. */
export const webhooks: typeof english = {
  none: "没有配置 Webhook。请用选项 webhook: { url, secret } 指定。",
  states: { pending: "待发送", delivered: "已送达", given_up: "已放弃", dropped: "已丢弃" },
  headings: {
    id: "ID",
    host: "主机",
    event: "事件",
    state: "状态",
    attempts: "次数",
    answer: "最近结果",
    next: "下次发送",
  },
  stopped: (host, since) => `${host} 返回了 410，自 ${since} 起不再通知。要恢复：postern webhooks test`,
  accepted: (host, status, milliseconds) => `${host} 已接受：${status}，用时 ${milliseconds} 毫秒`,
  resumed: (host) => `从现在起恢复通知 ${host}。`,
  refused: (host, failure, milliseconds) => `${host} 未接受：${failure}，用时 ${milliseconds} 毫秒`,
  notAccepted: (count) => `有 ${count} 个 Webhook 未接受。`,
};
