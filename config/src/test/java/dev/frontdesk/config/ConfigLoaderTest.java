// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  /** A connector's settings as a connector would write them. */
  record HookSettings(
      Secret secret,
      @Nullable String sendUrl,
      @Nullable Inbound inbound,
      @Default("false") boolean plain) {
    public HookSettings {
      if (sendUrl != null && sendUrl.startsWith("ftp:")) {
        throw new IllegalArgumentException("sendUrl is ftp, expected http or https");
      }
    }

    record Inbound(String username, Secret password) {}
  }

  static final SettingsTypes CONNECTORS =
      new SettingsTypes() {
        @Override
        public @Nullable Class<? extends Record> find(String connector) {
          return connector.equals("webhook") ? HookSettings.class : null;
        }

        @Override
        public Set<String> names() {
          return Set.of("webhook");
        }
      };

  private static final Map<String, String> ENVIRONMENT =
      Map.of("T", "token-of-alice", "EMPTY", "", "TRICK", "a: [b, ${T}]", "HOST", "desk.test");

  /** A usable file; tests replace one line. */
  private static final String GOOD =
      """
      server: { port: 0, publicUrl: "" }
      workspaces:
        acme:
          channels:
            hook: { connector: webhook, settings: { secret: s3cr3t-of-hook } }
          promises: { urgent: { firstResponse: 1h, warnAt: 50% }, normal: { firstResponse: 4h } }
          defaults: { queue: support, promise: normal }
          triage: [ { when: "true", set: { promise: urgent, priority: 1 } } ]
          queues: { support: {} }
          routing: { policy: keep-promises }
          agents: { alice: { token: "${T}", queues: [support], skills: { refunds: 3 } } }
          bots: { faq: { token: token-of-faq, channels: [hook] } }
      """;

  private static LoadedConfig parse(String yaml) {
    return new ConfigLoader(ENVIRONMENT, CONNECTORS, RuleCheck.none()).parse(yaml);
  }

  private static List<String> problems(String yaml) {
    InvalidConfigurationException refused =
        catchThrowableOfType(InvalidConfigurationException.class, () -> parse(yaml));
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).toList();
  }

  private static String with(String old, String replacement) {
    assertThat(GOOD).contains(old);
    return GOOD.replace(old, replacement);
  }

  @Test
  void usableFile_bindsEveryPart() {
    LoadedConfig loaded = parse(GOOD);

    FrontdeskConfig.Workspace acme = loaded.config().workspaces().get("acme");
    assertThat(acme.promises().get("urgent").firstResponse())
        .isEqualTo(new TargetTime(Duration.ofHours(1), 0));
    assertThat(acme.promises().get("urgent").warnAt())
        .containsExactly(new WarnLevel(new Share(0.5), null));
    assertThat(acme.promises().get("normal").objective()).isEqualTo(new Share(0.9));
    assertThat(acme.agents().get("alice").token().newest()).isEqualTo("token-of-alice");
    assertThat(acme.agents().get("alice").skills()).containsEntry("refunds", 3);
    assertThat(acme.triage().get(0).set().priority()).isEqualTo(1);
    assertThat(acme.triage().get(0).set().queue()).isNull();
    assertThat(acme.outbox().maxAttempts()).isEqualTo(13);
    assertThat(loaded.config().redis().embedded().binary()).isNull();
    assertThat(loaded.config().server().limits().drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(loaded.settings("acme", "hook"))
        .isEqualTo(new HookSettings(Secret.of("s3cr3t-of-hook"), null, null, false));
    assertThat(loaded + " " + loaded.config()).doesNotContain("s3cr3t").doesNotContain("token-of");
  }

  @Test
  void manyProblems_areToldTogether() {
    String yaml =
        GOOD.replace("firstResponse: 1h", "firstResponse: soon")
            .replace("promise: urgent", "promise: ugent")
            .replace("queues: [support]", "queue: [support]")
            .replace("secret: s3cr3t-of-hook", "sendUrl: ftp")
            .replace("port: 0", "prot: 0");

    assertThat(problems(yaml).stream().map(p -> p.substring(0, p.indexOf(": "))))
        .containsExactlyInAnyOrder(
            "server.prot",
            "workspaces.acme.promises.urgent.firstResponse",
            "workspaces.acme.agents.alice.queue",
            "workspaces.acme.channels.hook.settings.secret",
            "workspaces.acme.triage[0].set.promise");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          port: 0                 | port: 65536                | server.port: found "65536", expected 0 to 65535
          port: 0                 | port: eighty               | server.port: found "eighty", expected a whole number
          port: 0                 | port: [1]                  | server.port: found a list, expected a whole number
          port: 0                 | prot: 0                    | server.prot: unknown key, expected one of host, port, managementHost, managementPort, publicUrl, corsOrigins, limits; did you mean port?
          port: 0                 | port: 0, port: 1           | server.port: written twice, expected once (line 1)
          port: 0                 | port: "${PORT}"            | server.port: the environment variable PORT is not set, expected it set or a default: ${PORT:default}
          port: 0                 | port: "${T}"               | server.port: found the value of ${T}, expected a whole number
          port: 0                 | port: &a 0, host: *a       | server.host: found a YAML alias, expected the value itself
          port: 0                 | port: "${1}"               | server.port: found "${" that opens no reference, expected ${NAME} or ${NAME:default}
          publicUrl: ""           | publicUrl: desk.test       | server: publicUrl is no address, expected https://host without a slash at the end, or empty
          firstResponse: 1h       | firstResponse: 3wd         | workspaces.acme.promises.urgent.firstResponse: working days need a calendar, expected the key calendar beside it
          firstResponse: 1h       | firstResponse: 1 hour      | workspaces.acme.promises.urgent.firstResponse: found "1 hour", expected a duration such as 30s, 5m, 4h or 3d, or working days such as 3wd
          firstResponse: 1h       | firstResponse: 0s          | workspaces.acme.promises.urgent.firstResponse: found "0s", expected a longer time
          firstResponse: 1h       | firstResponse: 9999d       | workspaces.acme.promises.urgent.firstResponse: longer than ten years, expected 3650d at most
          firstResponse: 1h       | firstResponse: ~           | workspaces.acme.promises.urgent.firstResponse: missing, expected a duration such as 30s, 5m, 4h or 3d, or working days such as 3wd
          warnAt: 50%             | warnAt: 150%               | workspaces.acme.promises.urgent.warnAt: share is 1.5, expected 0% to 100%
          warnAt: 50%             | warnAt: half               | workspaces.acme.promises.urgent.warnAt: found "half", expected a share such as 75%, or a time before it is due such as 30m
          warnAt: 50%             | calendar: office           | workspaces.acme.promises.urgent.calendar: found office, expected one of calendars: none
          warnAt: 50%             | nextResponse: 1wd          | workspaces.acme.promises.urgent.nextResponse: working days need a calendar, expected the key calendar beside it
          warnAt: 50%             | warnAt: []                 | workspaces.acme.promises.urgent.warnAt: found a list, expected at least one
          warnAt: 50%             | warnAt: [50%, later]       | workspaces.acme.promises.urgent.warnAt[1]: found "later", expected a share such as 75%, or a time before it is due such as 30m
          warnAt: 50%             | resolution: 0s             | workspaces.acme.promises.urgent.resolution: found "0s", expected a longer time
          warnAt: 50%             | weight: 0                  | workspaces.acme.promises.urgent: weight is 0.0, expected more than 0 and 1000000 at most
          warnAt: 50%             | minShare: 85%              | workspaces.acme: promises: minShare of all promises and routing.lateShare are 95% together, expected 90% at most: the rest is for the hard bound
          policy: keep-promises   | policy: keep-promise       | workspaces.acme.routing.policy: found "keep-promise", expected one of keep-promises, edf, strict, ageing, fifo; did you mean keep-promises?
          policy: keep-promises   | offerTo: 0                 | workspaces.acme.routing.offerTo: found "0", expected 1 to 5
          policy: keep-promises   | offerTo: 6                 | workspaces.acme.routing.offerTo: found "6", expected 1 to 5
          policy: keep-promises   | returnAfter: 0s            | workspaces.acme.routing.returnAfter: found "0s", expected a longer time
          policy: keep-promises   | returnAfter: 2m, returnHops: 11 | workspaces.acme.routing.returnHops: found "11", expected 1 to 10
          policy: keep-promises   | returnGrace: 30s           | workspaces.acme.routing: returnGrace has no effect without returnAfter, expected both or neither
          policy: keep-promises   | returnAfter: 1m, returnGrace: 2m | workspaces.acme.routing: returnGrace is longer than returnAfter, expected that long or shorter
          policy: keep-promises   | wrapUp: soon               | workspaces.acme.routing.wrapUp: found "soon", expected a duration such as 1500ms, 30s, 5m, 4h or 3d
          connector: webhook      | connector: line            | workspaces.acme.channels.hook.connector: found "line", a connector that is not in this version, expected one of webhook
          connector: webhook      | connector: webhok          | workspaces.acme.channels.hook.connector: found "webhok", expected one of webhook; did you mean webhook?
          secret: s3cr3t-of-hook  | secret: ""                 | workspaces.acme.channels.hook.settings.secret: empty or not text, expected a secret: text, or a list of texts, newest first
          secret: s3cr3t-of-hook  | secret: { s3: cret }       | workspaces.acme.channels.hook.settings.secret: empty or not text, expected a secret: text, or a list of texts, newest first
          secret: s3cr3t-of-hook  | secret: x, sendUrl: "ftp:" | workspaces.acme.channels.hook.settings: sendUrl is ftp, expected http or https
          secret: s3cr3t-of-hook  | secret: x, inbound: {password: y} | workspaces.acme.channels.hook.settings.inbound.username: missing, expected text
          queue: support          | queue: suport              | workspaces.acme.defaults.queue: found suport, expected one of queues: support; did you mean support?
          promise: normal         | promise: slow              | workspaces.acme.defaults.promise: found slow, expected one of promises: urgent, normal
          promise: urgent         | promise: slow              | workspaces.acme.triage[0].set.promise: found slow, expected one of promises: urgent, normal
          promise: urgent         | category: compliment       | workspaces.acme.triage[0].set.category: found "compliment", expected one of consultation, usage, fault, return, complaint, suggestion, other; did you mean complaint?
          promise: urgent         | complaint: taste           | workspaces.acme.triage[0].set.complaint: found "taste", expected one of quality, attitude, price, logistics, promotion, other
          promise: urgent         | language: "中文"           | workspaces.acme.triage[0].set: language is no language tag, expected one such as zh
          promise: urgent         | skills: { vip: 11 }        | workspaces.acme.triage[0].set.skills.vip: found "11", expected 1 to 10
          priority: 1             | priority: 0                | workspaces.acme.triage[0].set.priority: found "0", expected 1 to 9
          refunds: 3              | refunds: 0                 | workspaces.acme.agents.alice.skills.refunds: found "0", expected 1 to 10
          refunds: 3              | "re:funds": 3              | workspaces.acme.agents.alice.skills."re:funds": not a name, expected 1 to 64 of A-Z a-z 0-9 _ -
          queues: [support]       | role: boss                 | workspaces.acme.agents.alice.role: found "boss", expected one of agent, supervisor, operator
          queues: [support]       | queues: [suport]           | workspaces.acme.agents.alice.queues[0]: found suport, expected one of queues: support; did you mean support?
          channels: [hook]        | channels: [phone]          | workspaces.acme.bots.faq.channels[0]: found phone, expected one of channels: hook
          token: token-of-faq     | token: "${T}"              | workspaces.acme.bots.faq.token: equal to workspaces.acme.agents.alice.token, expected a token of its own
          token: token-of-faq     | token: [new-token-of-faq, token-of-alice] | workspaces.acme.bots.faq.token: equal to workspaces.acme.agents.alice.token, expected a token of its own
          token: token-of-faq     | token: "two words"         | workspaces.acme.bots.faq.token: is no token, expected 12 to 512 visible ASCII characters
          token: token-of-faq     | token: elevensigns         | workspaces.acme.bots.faq.token: is no token, expected 12 to 512 visible ASCII characters
          token: token-of-faq     | token: [token-of-faq, x]   | workspaces.acme.bots.faq.token: is no token, expected 12 to 512 visible ASCII characters
          port: 0                 | port: 8081                 | server: managementPort is 8081 like port, expected a port of its own
          queues: { support: {} } | queues: { "a b": {}, support: {} } | workspaces.acme.queues."a b": not a name, expected 1 to 64 of A-Z a-z 0-9 _ -
          queues: { support: {} } | queues: { support: {} }, calendars: {} | (top level): not YAML (line 9): expected <block end>, but found ','
          """)
  void badValue_isRefusedByPath(String old, String replacement, String expected) {
    assertThat(problems(with(old, replacement))).containsExactly(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis: { url: "redis-cluster://h:6379" }   | redis.url: this scheme is not in this version, expected redis://, rediss://, redis-socket://, redis-sentinel://, a list of cluster seeds, or empty
          redis: { url: "redis-sentinel://h:6379" }  | redis.url: no address of sentinels, expected redis-sentinel://host:port,host:port#name-of-master
          redis: { url: ["redis://a", "h:1"] }       | redis.url: seed 2 is none, expected redis://host:port or rediss://host:port without a database: a cluster has one
          redis: { url: ["redis://a/3"] }            | redis.url: seed 1 is none, expected redis://host:port or rediss://host:port without a database: a cluster has one
          redis: { url: ["redis://a", "rediss://b"] }| redis.url: seed 2 has another scheme, user or password than the first, expected the same: they lead to one cluster
          redis: { url: [] }                         | redis.url: an empty list, expected at least one cluster seed
          redis: { url: { a: b } }                   | redis.url: not text, expected redis://, rediss://, redis-socket://, redis-sentinel://, a list of cluster seeds, or empty
          redis: { url: "http://h" }                 | redis.url: no Redis address, expected redis://, rediss://, redis-socket://, redis-sentinel://, a list of cluster seeds, or empty
          redis: { waitReplicas: 1 }                 | redis: waitReplicas is 1, expected 0: the embedded server has no replica
          redis: { url: "redis://h", waitReplicas: 1, waitTimeout: 1s } | redis: waitTimeout is 1000ms, expected 1ms to half of timeout, 750ms
          redis: { url: "redis://h", caFile: a.pem } | redis: caFile is for rediss:// only, url is none
          redis: { url: "rediss://h", caFile: no/such/a.pem } | redis: caFile cannot be read: no/such/a.pem
          redis: { url: "rediss://h", caFile: pom.xml } | redis: caFile holds something else than certificates, expected a PEM file
          redis: { embedded: { maxMemory: much } }   | redis.embedded: found "much", expected a size such as 512, 64kb, 256mb or 1gb
          redis: { embedded: { maxMemory: 1kb } }    | redis.embedded: maxMemory is 1kb, expected at least 16mb
          redis: { embedded: { maxMemory: 0 } }      | redis.embedded: maxMemory is 0, expected at least 16mb
          redis: { embedded: { appendFsync: often } }| redis.embedded.appendFsync: found "often", expected one of always, everysec, no
          port: 8080                                 | port: unknown key, expected one of server, redis, dataDir, workspaces
          "a\\tb": 8080                              | "a?b": unknown key, expected one of server, redis, dataDir, workspaces
          """)
  void badTopLevel_isRefusedByPath(String line, String expected) {
    assertThat(problems(GOOD + line + "\n")).containsExactly(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          customers: { lookup: {} }                                   | workspaces.acme.customers.lookup.url: missing, expected
          customers: { lookup: { url: "ftp://x" } }                   | url is no address
          customers: { lookup: { url: "https://x", timeout: 2s } }    | timeout is longer than 1s
          customers: { lookup: { url: "https://x", keep: 25h } }      | keep is longer than 24h
          customers: { lookup: { url: "https://x", secret: "no b64" } } | secret is not base64
          customers: { tiers: [gold, gold] }                          | tiers names one twice
          customers: { tiers: [" "] }                                 | tiers has one that is empty
          """)
  void customers_thatMakeNoSense_areProblems(String line, String expected) {
    assertThat(problems(GOOD + "    " + line + "\n")).singleElement().asString().contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "customers: {}",
        "customers: { lookup: { url: \"https://crm.example.com/lookup\", timeout: 300ms } }",
        "customers: { tiers: [silver, gold] }"
      })
  void customers_asTheContractWritesThem_load(String line) {
    assertThat(problems(GOOD + "    " + line + "\n")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          url: "https://crm.example.com/in?x=1", secret: whsec_QUJD, events: [promise.breached]          |
          url: "http://127.0.0.1:9/in", secret: [whsec_QUJD, whsec_REVG], events: [promise.breached]     |
          url: "http://crm/in", insecure: true, secret: whsec_QUJD, events: [message.received]           |
          url: "http://crm/in", secret: whsec_QUJD, events: [promise.breached]                           | : url is not https:// without user and fragment, expected that (http:// only for 127.0.0.1, [::1] and localhost, or with insecure: true)
          url: "http://localhost.evil.com/", secret: whsec_QUJD, events: [promise.breached]              | : url is not https:// without user and fragment, expected that (http:// only for 127.0.0.1, [::1] and localhost, or with insecure: true)
          url: "https://me@crm/in", secret: whsec_QUJD, events: [promise.breached]                       | : url is not https:// without user and fragment, expected that (http:// only for 127.0.0.1, [::1] and localhost, or with insecure: true)
          url: "https://crm/in", secret: "QUJD", events: [promise.breached]                              | : secret is not base64 after whsec_, expected that
          url: "https://crm/in", secret: "whsec_!", events: [promise.breached]                           | : secret is not base64 after whsec_, expected that
          url: "https://crm/in", secret: whsec_QUJD, events: []                                          | : events is empty, expected at least one name
          """)
  void eventEndpoint_isCheckedAtStart(String keys, @Nullable String expected) {
    List<String> found = problems(GOOD + "    events: { crm: { " + keys + " } }\n");

    assertThat(found)
        .isEqualTo(
            expected == null
                ? List.of()
                : List.of("workspaces.acme.events.crm" + expected.strip()));
  }

  @Test
  void badText_isOneProblem() {
    assertThat(problems("a: [")).singleElement().asString().startsWith("(top level): not YAML");
    assertThat(problems("[]"))
        .containsExactly(
            "(top level): found a list, expected a mapping with server, redis, dataDir, workspaces");
    assertThat(problems("")).containsExactly("workspaces: missing, expected a mapping from names");
    assertThat(problems("workspaces: {}"))
        .containsExactly("workspaces: found none, expected at least one workspace");
    assertThat(problems(GOOD + "---\n" + GOOD)).singleElement().asString().contains("second");
    assertThat(problems("a: " + "[".repeat(10_000))).hasSize(1);
    assertThat(problems("a: b\n".repeat(300_000))).hasSize(1);
  }

  @Test
  void brokenConditions_areProblemsOfTheirRule() {
    ConfigLoader loader =
        new ConfigLoader(ENVIRONMENT, CONNECTORS, (when, calendars) -> List.of("wrong: " + when));

    InvalidConfigurationException refused =
        catchThrowableOfType(InvalidConfigurationException.class, () -> loader.parse(GOOD));

    assertThat(refused.problems())
        .containsExactly(new Problem("workspaces.acme.triage[0].when", "wrong: true"));
  }

  @Test
  void environment_isOnlyEverAValue() {
    String yaml =
        with("secret: s3cr3t-of-hook", "secret: ${TRICK}")
            .replace("publicUrl: \"\"", "publicUrl: \"https://${HOST}/x${NONE:/y:z}\"")
            .replace(
                "token: token-of-faq",
                "token: [ ${NEW:new-token-of-faq}, '${OLD:it''s-the-old-one}', '$${X}-of-the-faq' ]");

    LoadedConfig loaded = parse(yaml);

    assertThat(((HookSettings) loaded.settings("acme", "hook")).secret().newest())
        .isEqualTo("a: [b, ${T}]");
    assertThat(loaded.config().server().publicUrl()).isEqualTo("https://desk.test/x/y:z");
    assertThat(loaded.config().workspaces().get("acme").bots().get("faq").token().all())
        .containsExactly("new-token-of-faq", "it''s-the-old-one", "${X}-of-the-faq");
  }

  @Test
  void emptyVariable_countsAsNotSet() {
    assertThat(parse(with("port: 0", "port: ${EMPTY:7}")).config().server().port()).isEqualTo(7);
    assertThat(problems(with("port: 0", "port: ${EMPTY}")).get(0)).contains("EMPTY is not set");
  }

  @Test
  void scalars_keepTheirSpelling() {
    String yaml = with("secret: s3cr3t-of-hook", "secret: +0086, sendUrl: 007, plain: true");

    HookSettings settings = (HookSettings) parse(yaml).settings("acme", "hook");

    assertThat(settings).isEqualTo(new HookSettings(Secret.of("+0086"), "007", null, true));
  }

  @Test
  void keyWithoutValue_countsAsAbsent() {
    String yaml = GOOD + "redis:\n  timeout:\n  embedded:\n    binary:\n";

    FrontdeskConfig.Redis redis = parse(yaml).config().redis();

    assertThat(redis.embedded().binary()).isNull();
    assertThat(redis.timeout()).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void twoBotsOnOneChannel_areRefused() {
    String yaml =
        with(
            "channels: [hook] } }",
            "channels: [hook] }, other: { token: token-of-other, channels: [hook] } }");

    assertThat(problems(yaml))
        .containsExactly(
            "workspaces.acme.bots.other.channels: found \"hook\", which"
                + " workspaces.acme.bots.faq.channels has, expected one bot");
  }

  @Test
  void equalTokens_areFoundAcrossWorkspaces() {
    String second =
        GOOD.lines().skip(2).collect(Collectors.joining("\n")).replace("acme:", "other:");

    List<String> found = new ArrayList<>(problems(GOOD + second + "\n"));

    assertThat(found)
        .hasSize(2)
        .allMatch(p -> p.startsWith("workspaces.other."))
        .noneMatch(p -> p.contains("token-of"));
  }
}
