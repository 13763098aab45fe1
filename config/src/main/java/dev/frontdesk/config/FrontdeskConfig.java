// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole configuration of a gateway: one YAML tree, one record tree. */
public record FrontdeskConfig(
    @Default("{}") @Doc("Where the gateway listens and what it accepts.") Server server,
    @Default("{}") @Doc("The store.") Redis redis,
    @Default("data") @Doc("Folder of the embedded store and of what must survive a restart.")
        String dataDir,
    @Doc("Brands or business units, by id; everything in one is invisible to the others.")
        Map<String, Workspace> workspaces) {

  /** {@code server}. */
  public record Server(
      @Default("0.0.0.0") @Doc("Address of the public port.") String host,
      @Default("8080") @Between(min = 0, max = 65535) @Doc("Public port; 0 picks a free one.")
          int port,
      @Default("127.0.0.1") @Doc("Address of the management port.") String managementHost,
      @Default("8081")
          @Between(min = 0, max = 65535)
          @Doc("Port of health, metrics and documents, not that of port; 0 picks a free one.")
          int managementPort,
      @Default("") @Doc("Address platforms reach this gateway by; empty: http://host:port.")
          String publicUrl,
      @Default("[]") @Doc("Origins that browsers may call the API from.") List<String> corsOrigins,
      @Default("{}") @Doc("Bounds of what a client may send or hold open.") Limits limits) {
    public Server {
      if (!publicUrl.isEmpty() && !publicUrl.matches("https?://[^\\s?#]+[^/\\s?#]")) {
        throw new IllegalArgumentException(
            "publicUrl is no address, expected https://host without a slash at the end, or empty");
      }
      if (port != 0 && port == managementPort) {
        throw new IllegalArgumentException(
            "managementPort is " + port + " like port, expected a port of its own");
      }
    }
  }

  /** {@code server.limits}: every bound of the edge. */
  public record Limits(
      @Default("1048576") @Between(min = 1) @Doc("Largest request body, bytes; larger is 413.")
          int bodyBytes,
      @Default("8192") @Between(min = 1) @Doc("All headers of a request, bytes; more is 431.")
          int headerBytes,
      @Default("4096") @Between(min = 1) @Doc("Longest request line, bytes; longer is 414.")
          int requestLineBytes,
      @Default("64") @Between(min = 1, max = 512) @Doc("Deepest nesting of JSON that is read.")
          int jsonDepth,
      @Default("15s") @Doc("Total time to receive one request.") Duration receiveTimeout,
      @Default("60s") @Doc("An idle connection is closed after this.") Duration idleTimeout,
      @Default("20000") @Between(min = 1) @Doc("Open connections; more are refused.")
          int connections,
      @Default("2000")
          @Between(min = 1)
          @Doc("Webhooks being stored at once per workspace; more is 503.")
          int inFlightWebhooks,
      @Default("10000")
          @Between(min = 1)
          @Doc("Open long-polls and sockets of bots per workspace; more is 503.")
          int waitingClients,
      @Default("10000")
          @Between(min = 1)
          @Doc("Open sockets of visitors per workspace, who need no token; more is 503.")
          int waitingVisitors,
      @Default("65536") @Between(min = 1) @Doc("Largest WebSocket message, bytes.")
          int socketMessageBytes,
      @Default("262144")
          @Between(min = 1)
          @Doc("Bytes queued for a slow socket before it is closed (1013).")
          int socketQueueBytes,
      @Default("30s") @Doc("Time running work gets to finish at SIGTERM.") Duration drainTimeout) {}

  /** {@code redis}. */
  public record Redis(
      @Default("") @Doc("redis:// address of an own server; empty: the embedded one.") String url,
      @Default("1500ms") @Doc("Time-out of one command.") Duration timeout,
      @Default("10000") @Between(min = 1) @Doc("Commands waiting for the store; more are refused.")
          int requestQueue,
      @Default("{}") @Doc("The embedded server.") Embedded embedded) {
    public Redis {
      if (url.matches("(?i)(rediss|redis-sentinel|redis-cluster)://.*")) {
        throw new IllegalArgumentException(
            "url: this scheme is not in this version, expected redis://, redis-socket:// or empty");
      }
      if (!url.isEmpty() && !url.matches("redis(-socket)?://\\S+")) {
        throw new IllegalArgumentException(
            "url is no Redis address, expected redis://, redis-socket:// or empty");
      }
    }

    /** Without the address: it may carry a password. */
    @Override
    public String toString() {
      return "Redis[" + (url.isEmpty() ? "embedded" : "own server") + "]";
    }
  }

  /** {@code redis.embedded}. */
  public record Embedded(
      @Nullable @Doc("Path of a redis-server to run instead of the one found or bundled.")
          String binary,
      @Default("1gb") @Doc("maxmemory, at least 16mb: past it new customer messages are refused.")
          String maxMemory,
      @Default("always")
          @OneOf({"always", "everysec", "no"})
          @Doc("appendfsync: always, everysec or no; what an acknowledged message survives.")
          String appendFsync,
      @Default("256mb") @Doc("Free disk below which new customer messages are refused.")
          String minFreeDisk) {

    /** An empty server and its connections take about 3 MiB of it. */
    private static final String LEAST_MEMORY = "16mb";

    public Embedded {
      if (Size.parse(maxMemory).bytes() < Size.parse(LEAST_MEMORY).bytes()) {
        throw new IllegalArgumentException(
            "maxMemory is " + maxMemory + ", expected at least " + LEAST_MEMORY);
      }
      Size.parse(minFreeDisk);
    }
  }

  /** {@code workspaces.<id>}. */
  @Later(key = "calendars", instead = "promises run around the clock; leave calendars out")
  @Later(key = "customers", instead = "a tier comes from the platform's event; leave customers out")
  @Later(key = "events", instead = "read GET /api/v1/conversations instead of outgoing events")
  public record Workspace(
      @Default("{}") @Doc("Configured accounts on platforms, by id.") Map<String, Channel> channels,
      @Doc("What is promised to customers, by name.") Map<String, Promise> promises,
      @Doc("What a conversation gets that no rule matches.") Defaults defaults,
      @Default("[]") @Doc("Rules, first match per key wins.") List<TriageRule> triage,
      @Doc("Queues by name.") Map<String, Queue> queues,
      @Default("{}") @Doc("How waiting conversations meet agents.") Routing routing,
      @Default("{}") @Doc("People and programs with a token, by id.") Map<String, Agent> agents,
      @Default("{}") @Doc("Chatbots by id.") Map<String, Bot> bots,
      @Default("{}") @Doc("Conversations: windows, retention and bounds.")
          Conversations conversations,
      @Default("{}") @Doc("Sending to platforms.") Outbox outbox) {}

  /** {@code channels.<id>}; the settings are bound by the connector's own record. */
  public record Channel(
      @Doc("The connector's name.") String connector,
      @Default("{}") @Doc("The connector's settings; see its page.") JsonNode settings,
      @Default("1")
          @Between(min = 1, max = 1000)
          @Doc("What a conversation of this channel costs of an agent's capacity.")
          int cost) {
    /** Without the settings: they hold secrets. */
    @Override
    public String toString() {
      return "Channel[" + connector + ", cost=" + cost + "]";
    }
  }

  /** {@code promises.<name>}. */
  @Later(key = "calendar", instead = "promises run around the clock; give firstResponse in hours")
  @Later(key = "weight", instead = "the deadline alone decides; leave weight out")
  @Later(key = "minShare", instead = "the deadline alone decides; leave minShare out")
  @Later(key = "nextResponse", instead = "only firstResponse is promised; leave nextResponse out")
  @Later(key = "resolution", instead = "only firstResponse is promised; leave resolution out")
  public record Promise(
      @Doc("When the first human answer is due, from opening.") Duration firstResponse,
      @Default("75%") @Doc("Share of the time after which a conversation is at risk.") Share warnAt,
      @Default("90%") @Doc("Share of conversations to answer in time.") Share objective) {}

  /** {@code defaults}. */
  public record Defaults(
      @RefersTo("queues") @Doc("Queue of a conversation no rule sends elsewhere.") String queue,
      @RefersTo("promises") @Doc("Promise of a conversation no rule gives another.")
          String promise) {}

  /** {@code triage[]}. */
  public record TriageRule(
      @Doc("CEL condition over message, contact, customer, channel.") String when,
      @Doc("What a match sets.") TriageSet set) {}

  /** {@code triage[].set}. */
  public record TriageSet(
      @Nullable @RefersTo("promises") @Doc("Promise.") String promise,
      @Nullable @Between(min = 1, max = 9) @Doc("1 highest to 9.") Integer priority,
      @Nullable @RefersTo("queues") @Doc("Queue.") String queue,
      @Default("{}") @Between(min = 1, max = 10) @Doc("Required skills and levels 1 to 10.")
          Map<String, Integer> skills,
      @Nullable
          @OneOf({"consultation", "usage", "fault", "return", "complaint", "suggestion", "other"})
          @Doc("What it is about.")
          String category,
      @Nullable
          @OneOf({"quality", "attitude", "price", "logistics", "promotion", "other"})
          @Doc("What a complaint is about.")
          String complaint,
      @Nullable @Doc("Language of the conversation, such as zh.") String language,
      @Default("[]") @Doc("Tags to add.") List<String> tags) {
    public TriageSet {
      if (language != null && !language.matches("[A-Za-z0-9-]{2,35}")) {
        throw new IllegalArgumentException("language is no language tag, expected one such as zh");
      }
      if (tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > 64)) {
        throw new IllegalArgumentException("a tag is empty or long, expected 1 to 64 characters");
      }
    }
  }

  /** {@code queues.<name>}. */
  public record Queue(
      @Default("100000")
          @Between(min = 1)
          @Doc("Conversations that may wait; more are refused with 503.")
          int maxWaiting) {}

  /** {@code routing}. */
  public record Routing(
      @Default("keep-promises")
          @OneOf(
              value = {"keep-promises", "fifo"},
              later = {"edf", "strict", "ageing"})
          @Doc("The order in which waiting conversations are offered.")
          String policy,
      @Default("10%") @Doc("Share of decisions reserved for conversations already late.")
          Share lateShare,
      @Default("2h") @Doc("Age past which the oldest is picked next, for 10% of decisions at most.")
          Duration hardBound,
      @Default("20s") @Doc("Time an agent has to accept an offer.") Duration offerTimeout,
      @Default("5m")
          @Between(min = 0)
          @Doc("Time a declined conversation is not offered to the same agent.")
          Duration declineBackoff,
      @Default("60s")
          @Between(min = 0)
          @Doc("After an agent's lease lapses, time until its conversations move.")
          Duration vanishGrace) {}

  /** {@code agents.<id>}. */
  public record Agent(
      @Doc("Bearer token, 12 to 512 visible ASCII characters.") Secret token,
      @Default("agent") @OneOf({"agent", "supervisor", "operator"}) @Doc("What the token may do.")
          String role,
      @Default("[]") @RefersTo("queues") @Doc("Queues the agent serves.") List<String> queues,
      @Default("{}") @Between(min = 1, max = 10) @Doc("Skills and levels 1 to 10.")
          Map<String, Integer> skills,
      @Default("[]") @Doc("Languages the agent answers in.") List<String> languages,
      @Default("4")
          @Between(min = 1, max = 100000)
          @Doc("Sum of the costs the agent holds at once.")
          int capacity) {}

  /** {@code bots.<id>}. */
  public record Bot(
      @Doc("Bearer token, 12 to 512 visible ASCII characters.") Secret token,
      @Default("[]")
          @RefersTo("channels")
          @Doc("Channels whose new conversations the bot gets first.")
          List<String> channels,
      @Default("10s") @Doc("A bot that does not reply for this long hands over.")
          Duration replyTimeout,
      @Default("5s") @Between(min = 0) @Doc("Time a bot without a session keeps its conversations.")
          Duration lostGrace) {}

  /** {@code conversations}. */
  public record Conversations(
      @Default("24h") @Between(min = 0) @Doc("A message within this time after resolving reopens.")
          Duration reopenWindow,
      @Default("30d") @Doc("Time a closed conversation is kept.") Duration retention,
      @Default("10000")
          @Between(min = 1)
          @Doc(
              "Messages in one conversation; a customer's next one closes it and opens another that"
                  + " follows it. Answers and notes have a tenth more.")
          int maxMessages,
      @Default("1000000") @Between(min = 1) @Doc("Conversations kept; more are refused with 503.")
          int maxConversations,
      @Default("4096")
          @Between(min = 1, max = 65536)
          @Doc("Dedupe hashes per four days; up to 512 ids in each are stored compactly.")
          int dedupeBuckets) {}

  /** {@code outbox}. */
  public record Outbox(
      @Default("10s") @Doc("Total time one send may take.") Duration sendTimeout,
      @Default("8") @Between(min = 1, max = 100) @Doc("Attempts before a message is a dead letter.")
          int maxAttempts,
      @Default("1s") @Doc("First pause before repeating; doubles with jitter.") Duration firstRetry,
      @Default("5m") @Doc("Longest pause before repeating.") Duration maxRetry,
      @Default("64") @Between(min = 1) @Doc("Sends in flight per channel.") int inFlight,
      @Default("10000")
          @Between(min = 1)
          @Doc("Dead letters kept of a channel; at the bound it sends no more until some are gone.")
          int maxDeadLetters) {}
}
