// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.results;

import java.util.List;

/**
 * The rows of the table of figures, in its order. A scenario gets its row here once it prints the
 * line; a test tries each template on the recorded runs.
 */
final class FigureTemplates {

  private static final String NUMBER = "([\\d.]+)";
  private static final String ARGUMENTS = "( .*)?";

  private FigureTemplates() {}

  /** All of them. */
  static List<FigureTemplate> all() {
    return List.of(
        FigureTemplate.of(
            "ratio" + ARGUMENTS,
            "ratio to bare XADD min (?<min>\\S+) median (?<median>\\S+) max (?<max>[\\d.]+); at half"
                + " the ceiling \\((?<half>\\d+)/s.*? p99 (?<late>[\\d.]+) ms",
            "intake against a bare `XADD` on the same Redis, ratio min / median / max; p99 at half"
                + " the ceiling (${half}/s)",
            "接收消息，与同一 Redis 上裸 `XADD` 之比，最小 / 中位 / 最大；半载（${half}/s）时的 p99",
            "${min} / ${median} / ${max}; ${late} ms"),
        FigureTemplate.of(
                "ratio" + ARGUMENTS,
                "the same (?<s>\\d+) s with a rewriting asked for: p50 \\S+ ms p99 (?<late>\\S+) ms",
                "p99 of that half load in ${s} s in which Redis rewrites its file",
                "同样半载，${s} 秒内 Redis 重写其文件时的 p99",
                "${late} ms")
            .whereTold(),
        FigureTemplate.of(
                "ratio" + ARGUMENTS,
                "memory: without a load (?<share>[\\d.]+ %)",
                "messages of that run that were stored without loading their conversation",
                "其中无需读取会话即写入的消息",
                "${share}")
            .whereTold(),
        FigureTemplate.of(
                "baselines" + ARGUMENTS,
                "gateway to bare handler min (?<h1>\\S+) median (?<h2>\\S+) max (?<h3>\\S+)",
                "the same against a bare handler that does nothing; that awaits an `XADD`; that"
                    + " awaits an `EVALSHA` of our commit",
                "同上，与什么都不做的裸处理器、等待一次 `XADD`、等待一次我们提交脚本的 `EVALSHA` 之比",
                "${h1} / ${h2} / ${h3}; ${x1} / ${x2} / ${x3}; ${c1} / ${c2} / ${c3}")
            .and("gateway to bare XADD min (?<x1>\\S+) median (?<x2>\\S+) max (?<x3>\\S+)")
            .and("gateway to bare commit min (?<c1>\\S+) median (?<c2>\\S+) max (?<c3>\\S+)"),
        FigureTemplate.of(
                "delivery" + ARGUMENTS,
                "load (?<rate>\\d+)/s for",
                "webhook to the long-poll of the agent who waits, gateway and Redis on half of the"
                    + " cores, ${rate}/s; p50, p99, p99 of those that met no rewriting of Redis's"
                    + " file: message of an assigned conversation; offer of a new one; fdatasync of"
                    + " that run, p99",
                "webhook 到等待中坐席的长轮询，网关与 Redis 使用一半的核，${rate}/s；p50、p99、未遇到 Redis 文件重写者的 p99："
                    + "已分配会话的消息；新会话的派单；同一次运行的 fdatasync p99",
                "${a50}, ${a99}, ${a99x} ms; ${n50}, ${n99}, ${n99x} ms; ${f99} ms")
            .and("assigned conversation at its agent's poll " + apart("a"))
            .and("new conversation at an agent's poll " + apart("n"))
            .and("fsync under load p50 \\S+ ms p99 (?<f99>\\S+) ms"),
        FigureTemplate.of(
                "wake" + ARGUMENTS,
                "messages accepted \\d+ of (?<polls>\\d+), .*?lost wake-ups (?<lost>\\d+)",
                "${polls:,} waiting long-polls woken at once: lost wake-ups; all answered after;"
                    + " from send to answer, p99",
                "同时唤醒 ${polls:,} 个等待中的长轮询：丢失的唤醒；全部应答用时；从发送到应答的 p99",
                "${lost}; ${all} s; ${late} ms")
            .and("all answered (?<all>\\S+) s after .*? p99 (?<late>\\S+) ms"),
        FigureTemplate.of(
                "idle" + ARGUMENTS,
                "bytes per long-poll resident (?<poll>-?\\d+)",
                "resident bytes of the gateway per idle long-poll; per idle socket",
                "每个空闲长轮询、每个空闲套接字占用的网关常驻内存字节",
                "${poll}; ${socket}")
            .and("bytes per socket resident (?<socket>-?\\d+)"),
        generated(
            "generate(?! +intake)" + ARGUMENTS,
            "mixed traffic (channels, agents, bots, repeats, pictures), gateway and Redis on half of"
                + " the cores,",
            "混合流量（多渠道、坐席、机器人、重发、图片），网关与 Redis 使用一半的核，"),
        generated("generate +intake" + ARGUMENTS, "messages of one channel", "单一渠道的消息"),
        FigureTemplate.of(
            "crash-gateway" + ARGUMENTS,
            "gateway kill -9 x(?<times>\\d+): " + ledger(),
            "`kill -9` of the gateway under load, ${times} times: accepted, lost, duplicated",
            "负载下 `kill -9` 网关 ${times} 次：已接收、丢失、重复",
            "${accepted}, ${lost}, ${duplicated}"),
        FigureTemplate.of(
            "crash-redis( \\d+)?( always)?",
            "redis power loss x(?<times>\\d+) with always: " + ledger(),
            "`kill -9` of Redis and loss of unsynced bytes, ${times} times, `always`: accepted,"
                + " lost, duplicated",
            "`kill -9` Redis 并丢弃未落盘字节 ${times} 次，`always`：已接收、丢失、重复",
            "${accepted}, ${lost}, ${duplicated}"),
        FigureTemplate.of(
                "crash-redis \\d+ everysec",
                "redis power loss x(?<times>\\d+) with everysec: " + ledger(),
                "the same with `everysec` (the control: has to lose)",
                "同上，`everysec`（对照：必须丢失）",
                "${accepted}, ${lost}, ${duplicated}")
            .asControl(),
        FigureTemplate.of(
            "timers-handover" + ARGUMENTS,
            "(?<clocks>\\d+) clocks armed by a killed gateway: .*?fired (?<fired>\\d+), fired again"
                + " (?<again>\\d+), early (?<early>\\d+)",
            "${clocks:,} clocks of a killed gateway: fired, twice, early",
            "被杀网关的 ${clocks:,} 个计时：触发、重复、提前",
            "${fired}, ${again}, ${early}"),
        FigureTemplate.of(
            "timers" + ARGUMENTS,
            "(?<clocks>\\d+) clocks over (?<seconds>\\d+) s under .*?: fired (?<fired>\\d+), again"
                + " (?<again>\\d+), early (?<early>\\d+), p99 lateness (?<late><?=? ?\\d+ ms)",
            "${clocks:,} clocks within ${seconds} s under load: fired, twice, early; p99 lateness",
            "负载下 ${seconds} 秒内到期的 ${clocks:,} 个计时：触发、重复、提前；延迟 p99",
            "${fired}, ${again}, ${early}; ${late}"),
        FigureTemplate.of(
            "one-contact",
            "(?<writers>\\d+) writers x (?<messages>\\d+) messages x (?<copies>\\d+) copies on two"
                + " gateways: conversations (?<conversations>\\d+), lastSeq (?<seq>\\d+), gaps"
                + " (?<gaps>\\d+)",
            "two gateways, ${writers} writers × ${messages:,} messages × ${copies} copies, one"
                + " contact: conversations, last seq, gaps",
            "两个网关、${writers} 个写入者 × ${messages:,} 条 × ${copies} 份、同一联系人：会话数、最后 seq、缺口",
            "${conversations}, ${seq}, ${gaps}"),
        FigureTemplate.of(
            "footprint",
            "conversation with (?<messages>\\d+) messages, everything included: (?<bytes>\\d+); per"
                + " timer (?<timer>\\d+); per remembered id (?<id>\\d+)",
            "Redis bytes per conversation with ${messages} messages, timer, remembered id",
            "每个会话（${messages} 条消息）、每个定时器、每个去重 id 占用的 Redis 字节",
            "${bytes}, ${timer}, ${id}"),
        FigureTemplate.of(
            "footprint",
            "start to first accepted webhook (?<first>[\\d.]+) s.*?idle RSS (?<rss>\\d+) MiB",
            "start to the first accepted webhook; idle resident memory",
            "从启动到首个被接收的 webhook；空闲常驻内存",
            "${first} s; ${rss} MiB"),
        FigureTemplate.of(
            "clocks" + ARGUMENTS,
            "(?<clocks>\\d+) clocks due in one second, share (?<share>\\d+)%: fired (?<fired>\\d+),"
                + " drained in (?<drained>[\\d.]+) s.*?claimed early (?<early>\\d+), fired again"
                + " (?<again>\\d+).*?intake at .*? p99 (?<during>[\\d.]+) ms, before"
                + " (?<before>[\\d.]+) ms",
            "${clocks:,} clocks due in one second, ${share} % of the time for them: fired, twice,"
                + " early; drained; intake p99 before and during",
            "同一秒到期的 ${clocks:,} 个计时，占用 ${share} % 的时间：触发、重复、提前；处理完毕；接收 p99 之前与期间",
            "${fired}, ${again}, ${early}; ${drained} s; ${before} ms, ${during} ms"),
        FigureTemplate.of(
                "cluster" + ARGUMENTS,
                "(?m)^[^\\n]{44}\\S*" + row("(?<outage>[\\d.]+)", "\\d+", "(?<twice>\\d+)"),
                "a cluster, its masters killed, a slot moved, gateways restarted: longest time a"
                    + " workspace accepted nothing; stored twice; lost with `waitReplicas: 1`",
                "集群中主节点被杀、槽位迁移、网关重启：workspace 最长不接收的时间；重复存储；`waitReplicas: 1` 时丢失",
                "${outage:max} s; ${twice:max}; ${lost:max}")
            .and("(?m)^waitReplicas 1: [^\\n]{28}\\S*" + row("[\\d.]+", "(?<lost>\\d+)", "\\d+")),
        FigureTemplate.of(
                "sentinel",
                "(?m)^sentinel, waitReplicas 0: killed[^\\n]*? behind"
                    + row("(?<outage>[\\d.]+)", "(?<lost>\\d+)", "\\d+"),
                "a master that a sentinel watches killed while its replica is 300 ms behind, without"
                    + " and with `waitReplicas: 1`: longest time without an accepted message; lost",
                "由 Sentinel 监视的主节点在副本落后 300 ms 时被杀，不用与使用 `waitReplicas: 1`：最长不接收的时间；丢失",
                "${outage} s, ${outage1} s; ${lost}, ${lost1}")
            .and(
                "(?m)^sentinel, waitReplicas 1: killed[^\\n]*? behind"
                    + row("(?<outage1>[\\d.]+)", "(?<lost1>\\d+)", "\\d+")),
        FigureTemplate.of(
            "upgrade" + ARGUMENTS,
            "(?m)^(?:this version|the older)[^\\n]*?"
                + row("(?<outage>[\\d.]+)", "(?<lost>\\d+)", "(?<twice>\\d+)"),
            "gateways under load replaced one by one: longest time a workspace accepted nothing;"
                + " lost; stored twice",
            "负载下逐个替换网关：workspace 最长不接收的时间；丢失；重复存储",
            "${outage:max} s; ${lost:max}; ${twice:max}"),
        FigureTemplate.of(
                "soak" + ARGUMENTS,
                "; (?<minutes>\\d+) minutes at (?<rate>\\d+)/s",
                "two gateways for ${minutes} minutes at ${rate}/s, faults now and then: slope"
                    + " per 10 minutes of heap after collection, direct memory, Redis data;"
                    + " descriptors; accepted, lost, duplicated",
                "两个网关、${rate}/s 持续 ${minutes} 分钟、不时注入故障：回收后堆、直接内存、Redis 数据每 10 分钟的增长；"
                    + "描述符；已接收、丢失、重复",
                "${heap} %, ${direct} %, ${redis} %; ${first} → ${end};"
                    + " ${accepted:,}, ${lost}, ${duplicated}")
            .and(slope("heap after collection", "heap"))
            .and(slope("direct memory", "direct"))
            .and(slope("Redis data", "redis"))
            .and("connections of clients: (?<first>\\d+), at the end (?<end>\\d+)")
            .and("(?m)^" + ledger())
            .whereTold(),
        FigureTemplate.of(
            "decision-cost" + ARGUMENTS,
            "dearest to cheapest: decision (?<ratio>[\\d.]+)",
            "a routing decision, 1,000 to 1,000,000 waiting and 10 to 5,000 agents: dearest to"
                + " cheapest",
            "一次路由决策，1,000 至 1,000,000 个等待、10 至 5,000 名坐席：最贵与最便宜之比",
            "${ratio}"),
        FigureTemplate.of(
                "simulation" + ARGUMENTS,
                "seed \\d+, (?<arrivals>\\d+) arrivals",
                "${arrivals:,} arrivals simulated, `keep-promises`: time, events per second",
                "模拟 ${arrivals:,} 次来访，`keep-promises`：耗时、每秒事件数",
                "${time} s, ${events}")
            .and("keep-promises: (?<time>" + NUMBER + ") s, (?<events>\\d+) events per second"),
        FigureTemplate.of(
                "agreement busy" + ARGUMENTS,
                "all +(?<count>\\d+): simulated (?<kept>[\\d.]+), live .*?differing verdicts"
                    + " (?<differing>[\\d.]+)",
                "live gateway beside the simulator, ${count:,} conversations at ${speed} times the"
                    + " speed, ${kept:%} kept: farthest apart of any promise's kept share; other"
                    + " verdicts",
                "真实网关对照模拟器，${count:,} 个会话、${speed} 倍速、${kept:%} 守诺：任一承诺守诺率的最大差；不同的判定",
                "${apart:max}; ${differing:%}")
            .and("divided by (?<speed>\\d+)")
            .and("(?<apart>\\d\\.\\d+) apart\\)"));
  }

  /** Steps around the ceiling, by what is sent. */
  private static FigureTemplate generated(String command, String what, String zh) {
    return FigureTemplate.of(
            command,
            "ceiling (?<ceiling>\\d+)/s",
            what
                + " beyond its ceiling of ${ceiling}/s, at 120 %: planned, accepted, refused with"
                + " 503 or 429; recovered",
            zh + "超过上限（${ceiling}/s）、120 % 时：计划、接收、以 503 或 429 拒绝；恢复",
            "${planned}/s, ${accepted}/s, ${refused} and ${tooMany}; ${after}")
        .and("(?m)^120% +(?<planned>\\d+) +(?<accepted>\\d+) +(?<refused>\\d+) +(?<tooMany>\\d+) ")
        .and("recovery: p99 at most .*? ms (?<after>after \\d+ s)");
  }

  /** All of them, and those that met no rewriting. */
  private static String apart(String name) {
    return ("p50 (?<x50>\\S+) ms p99 (?<x99>\\S+) ms .*?no rewriting[^;]*? p50 \\S+ ms"
            + " p99 (?<x99x>\\S+) ms")
        .replace("<x", "<" + name);
  }

  /** What follows the name in the tables of cluster, sentinel and upgrade. */
  private static String row(String outage, String lost, String twice) {
    return " +\\d+ +\\d+ +\\d+ +\\d+ +" + outage + " +" + lost + " +" + twice;
  }

  /** A slope that was judged: a short soak prints it only. */
  private static String slope(String what, String name) {
    return "(?m)^" + what + ": mean \\S+ MB, slope (?<" + name + ">\\S+) % per 10 minutes <= 1 ";
  }

  private static String ledger() {
    return "ledger accepted=(?<accepted>\\d+) .*?lost=(?<lost>\\d+) duplicated=(?<duplicated>\\d+)";
  }
}
