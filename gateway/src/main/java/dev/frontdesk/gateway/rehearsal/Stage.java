// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.rehearsal;

import dev.frontdesk.connector.sandbox.FakePlatform;
import dev.frontdesk.connector.sandbox.SmtpSink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where a rehearsal takes place: stand-ins of the platforms' send APIs on 127.0.0.1, and a
 * configuration that knows nothing but them. Of what the operator configured it takes the kinds of
 * channels and nothing else, no address and no secret: no rehearsal ever reaches a platform.
 *
 * @param connectors the kinds to play
 * @param hasBots whether a bot plays too
 */
record Stage(
    Set<String> connectors, boolean hasBots, Lines lines, FakePlatform web, SmtpSink mail) {

  static final String WORKSPACE = "rehearsal";
  static final String AGENT = "agent";
  static final String SUPERVISOR = "supervisor";
  static final String BOT = "bot";

  /** A word that makes a triage rule true, and a bot hand over. */
  static final String FOR_PEOPLE = "refund";

  /** Opens the stand-ins on free ports. */
  static Future<Stage> build(
      Vertx vertx, InstantSource clock, Set<String> connectors, boolean hasBots) {
    Lines lines = new Lines();
    return FakePlatform.start(vertx, clock, lines.platforms())
        .compose(
            web ->
                SmtpSink.start(vertx, 0)
                    .map(mail -> new Stage(connectors, hasBots, lines, web, mail)));
  }

  /** What this person calls with; good for some hundred milliseconds on a port nobody knows. */
  static String token(String who) {
    return who + "-rehearses-0123456789abcdef";
  }

  /** The channels played; each is named like its connector. */
  List<Lines.Line> channels() {
    return lines.all().stream().filter(line -> connectors.contains(line.connector())).toList();
  }

  /** The configuration of the gateway that is rehearsed with. */
  String yaml() {
    return String.format(
        Locale.ROOT,
        """
        server: { host: 127.0.0.1, port: 0, managementHost: 127.0.0.1, managementPort: 0, limits: { drainTimeout: 1s } }
        dataDir: unused
        workspaces:
          %s:
            channels:
        %s
            promises: { urgent: { firstResponse: 1h }, normal: { firstResponse: 4h } }
            defaults: { queue: support, promise: normal }
            triage:
              - when: 'message.text.matches("(?i)%s") || message.text.contains("退款") || channel.family == "phone"'
                set: { promise: urgent, priority: 1, skills: { refunds: 1 }, category: return }
            queues: { support: {} }
            agents:
              %s: { token: %s, queues: [support], skills: { refunds: 1 }, languages: [en], capacity: 100 }
              %s: { token: %s, role: supervisor }
        %s
        """,
        WORKSPACE,
        channels().stream()
            .map(
                line ->
                    "      "
                        + line.connector()
                        + ": { connector: "
                        + line.connector()
                        + ", settings: { "
                        + line.settings(web.port(), mail.port())
                        + " } }")
            .collect(Collectors.joining("\n")),
        FOR_PEOPLE,
        AGENT,
        token(AGENT),
        SUPERVISOR,
        token(SUPERVISOR),
        hasBots && !channels().isEmpty()
            ? String.format(
                Locale.ROOT,
                "    bots: { %s: { token: %s, channels: [%s] } }",
                BOT,
                token(BOT),
                channels().get(0).connector())
            : "");
  }

  Future<Void> close() {
    return Future.join(web.close(), mail.close()).mapEmpty();
  }
}
