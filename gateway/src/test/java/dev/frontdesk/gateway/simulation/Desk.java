// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.simulation;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.config.RuleCheck;
import dev.frontdesk.connector.ChannelFamily;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.intake.Conditions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The workspace that is simulated: five families, two bots, five agents, short promises. */
final class Desk {

  static final List<String> CHANNELS = List.of("phone", "mail", "chat", "wechat", "social");
  static final List<String> BOTS = List.of("faq", "menu");
  private static final Map<String, ChannelFamily> FAMILIES =
      Map.of(
          "twilio-voice", ChannelFamily.PHONE,
          "email", ChannelFamily.EMAIL,
          "webchat", ChannelFamily.WEBCHAT,
          "wechat-official", ChannelFamily.WECHAT,
          "telegram", ChannelFamily.SOCIAL);

  @SuppressWarnings("InlineFormatString") // a page of its own reads better than inside a call
  private static final String YAML =
      """
      workspaces:
        acme:
          channels:
            phone: { connector: twilio-voice, cost: 3 }
            mail: { connector: email }
            chat: { connector: webchat }
            wechat: { connector: wechat-official, cost: 2 }
            social: { connector: telegram }
          promises:
            urgent:
              { firstResponse: 15s, nextResponse: 10s, resolution: 2m, warnAt: [50%, 2s], supplier: 4s, followUp: 3s,
                escalation: [ { after: warning, to: { supervisor: sue } },
                              { after: breach, to: { channel: mail, contact: ops, text: NOTICE } },
                              { after: breach, delay: 5s, to: { supervisor: sue } },
                              { before: 1s, clock: resolution, to: { supervisor: sue } },
                              { clock: supplier, to: { channel: mail, contact: ops, text: NOTICE } } ] }
            normal:
              { firstResponse: 45s, resolution: 5m, fulfilledBy: bot,
                escalation: [ { delay: 10s, to: { channel: social, contact: boss, text: NOTICE } },
                              { clock: followUp, to: { supervisor: sue } } ] }
            slow: { firstResponse: 3m }
          defaults: { queue: support, promise: slow }
          triage:
            - { when: 'customer.tier == "gold"', set: { promise: urgent } }
            - { when: 'message.text.contains("urgent")', set: { promise: urgent, priority: 1 } }
            - { when: 'message.text.contains("normal")', set: { promise: normal } }
            - { when: 'message.text.contains("refund")', set: { skills: { refunds: 2 } } }
            - { when: 'message.text.contains("sales")', set: { queue: sales } }
          queues: { support: {}, sales: {} }
          routing: { policy: POLICY, offerTimeout: 6s, declineBackoff: 15s, vanishGrace: 12s, hardBound: 2mOFFERS }
          conversations: { reopenWindow: 50s, retention: 3m, dedupeBuckets: 4 }
          outbox: { sendTimeout: 5s, maxAttempts: 4, firstRetry: 500ms, maxRetry: 4s, inFlight: 4 }
          agents:
            alice: { token: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, queues: [support], capacity: 4 }
            bob: { token: cccccccccccccccccccccccccccccccc, role: ROLE, queues: [support, sales], capacity: 6, skills: { refunds: 3 } }
            chen: { token: dddddddddddddddddddddddddddddddd, queues: [support], capacity: 3, skills: { refunds: 2, vip: 1 } }
            dora: { token: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee, queues: [sales], capacity: 3 }
            sue: { token: iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii, role: supervisor }
            emil: { token: ffffffffffffffffffffffffffffffff, queues: [support, sales], capacity: 5, skills: { refunds: 1 } }
          bots:
            faq: { token: gggggggggggggggggggggggggggggggg, channels: [chat], replyTimeout: 4s, lostGrace: 3s }
            menu: { token: hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh, channels: [wechat], replyTimeout: 8s, lostGrace: 3s }
      """;

  private static final String NOTICE = "'notice {conversation} {promise} {level}'";

  /** What every second seed adds: all that keeps a conversation for somebody, or moves it. */
  private static String relaxing(String yaml) {
    return yaml.replace(
            "queues: { support: {}, sales: {} }",
            "queues: { support: { steps: [ { skills: { vip: 1 }, lasts: 3s }, { skills: { refunds: 1 },"
                + " lasts: 4s } ], overflow: { queue: sales, after: 20s, length: 4 } }, sales: {} }")
        .replace(
            "set: { skills: { refunds: 2 } }",
            "set: { skills: { refunds: 1 }, steps: [ { skills: { refunds: 3 }, lasts: 5s } ],"
                + " agent: bob }")
        .replace(
            "hardBound: 2mOFFERS",
            "hardBound: 2m, lastAgent: 6s, preferredAgent: 4s, languageWait: 3s, inactiveAfter: 5s,"
                + " inactiveCost: 1, warmUp: { every: 4s }OFFERS")
        .replace(
            "[support, sales], capacity: 5",
            "[support, sales], delays: { sales: 2s }, capacity: 5");
  }

  /** What connectors of the simulation ask of the configuration. */
  record NoSettings() {}

  private static final String MANY_HANDS =
      ", offerTo: 3, returnAfter: 14s, returnHops: 2, returnGrace: 4s, wrapUp: 7s";

  private static final List<Workspace> BY_POLICY =
      List.of(
          of(YAML, "keep-promises", "", "agent"),
          of(relaxing(YAML), "keep-promises", "", "agent"),
          of(YAML, "keep-promises", MANY_HANDS, "supervisor"),
          of(relaxing(YAML), "keep-promises", MANY_HANDS, "supervisor"),
          of(YAML, "fifo", "", "agent"),
          of(relaxing(YAML), "fifo", "", "agent"));

  private Desk() {}

  /**
   * The workspace as seed {@code seed} configures it: one in four routes by arrival, one in four
   * offers to several, takes back what nobody answers and wraps up.
   */
  static Workspace workspace(long seed) {
    int features = seed % 4 == 3 ? 4 : seed % 4 == 2 ? 2 : 0;
    return BY_POLICY.get(features + (int) (seed / 4 + seed) % 2);
  }

  static List<Agent.Id> agents() {
    return BY_POLICY.get(0).agents().keySet().stream()
        .sorted(java.util.Comparator.comparing(Agent.Id::value))
        .toList();
  }

  private static Workspace of(String yaml, String policy, String offers, String role) {
    var config =
        new ConfigLoader(Map.of(), name -> NoSettings.class, RuleCheck.none())
            .parse(
                yaml.replace("POLICY", policy)
                    .replace("OFFERS", offers)
                    .replace("ROLE", role)
                    .replace("NOTICE", NOTICE))
            .config();
    return new WorkspaceFactory(
            name -> Objects.requireNonNull(FAMILIES.get(name)), new Conditions(), id -> {})
        .workspaces(config)
        .get("acme");
  }
}
