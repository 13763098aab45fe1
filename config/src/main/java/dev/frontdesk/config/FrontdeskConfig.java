// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
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
      @Default("")
          @Doc(
              "Address of an own server, of sentinels, or a list of cluster seeds; empty: the"
                  + " embedded one.")
          RedisUrl url,
      @Default("1500ms") @Doc("Time-out of one command.") Duration timeout,
      @Default("10000")
          @Between(min = 1)
          @Doc(
              "Commands waiting for the store; more are refused. Long-polls take at most half of it, and wait for more.")
          int requestQueue,
      @Default("0")
          @Between(min = 0, max = 10)
          @Doc("Replicas that must have a write before it is acknowledged; 0: none is waited for.")
          int waitReplicas,
      @Default("500ms")
          @Doc("How long is waited for them; then the write counts as not acknowledged.")
          Duration waitTimeout,
      @Nullable @Doc("PEM file of who signed the server's certificate; none: whom the JVM trusts.")
          String caFile,
      @Default("{}") @Doc("The embedded server.") Embedded embedded) {
    public Redis {
      if (waitReplicas > 0 && url.isEmbedded()) {
        throw new IllegalArgumentException(
            "waitReplicas is " + waitReplicas + ", expected 0: the embedded server has no replica");
      }
      if (waitReplicas > 0
          && (waitTimeout.toMillis() < 1 || waitTimeout.multipliedBy(2).compareTo(timeout) > 0)) {
        throw new IllegalArgumentException(
            "waitTimeout is "
                + waitTimeout.toMillis()
                + "ms, expected 1ms to half of timeout, "
                + timeout.toMillis() / 2
                + "ms");
      }
      if (caFile != null && !url.tls()) {
        throw new IllegalArgumentException("caFile is for rediss:// only, url is none");
      }
      if (caFile != null) {
        PemFile.check("caFile", caFile);
      }
    }

    /** Without the address: it may carry a password. */
    @Override
    public String toString() {
      return "Redis[" + url + "]";
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
  public record Workspace(
      @Default("{}") @Doc("Configured accounts on platforms, by id.") Map<String, Channel> channels,
      @Default("{}") @Doc("When we are open, by name.") Map<String, Calendar> calendars,
      @Doc("What is promised to customers, by name.") Map<String, Promise> promises,
      @Doc("What a conversation gets that no rule matches.") Defaults defaults,
      @Default("[]") @Doc("Rules, first match per key wins.") List<TriageRule> triage,
      @Default("{}") @Doc("Word tables by name, for words.<name> in conditions.")
          Map<String, List<String>> words,
      @Nullable @Doc("A program of yours that is asked when a conversation opens.")
          Classifier classifier,
      @Doc("Queues by name.") Map<String, Queue> queues,
      @Default("{}") @Doc("How waiting conversations meet agents.") Routing routing,
      @Default("{}") @Doc("People and programs with a token, by id.") Map<String, Agent> agents,
      @Default("{}") @Doc("Chatbots by id.") Map<String, Bot> bots,
      @Default("{}") @Doc("Conversations: windows, retention and bounds.")
          Conversations conversations,
      @Default("{}") @Doc("Sending to platforms.") Outbox outbox,
      @Default("{}") @Doc("Deadlines, when many are due at once.") TimerSettings timers,
      @Default("{}") @Doc("Endpoints of other systems that events are sent to, by name.")
          Map<String, EventEndpoint> events,
      @Nullable @Doc("What is known of customers besides what platforms say.")
          CustomerSettings customers) {
    public Workspace {
      double guaranteed = promises.values().stream().mapToDouble(p -> p.minShare().value()).sum();
      if (guaranteed > 0 && guaranteed + routing.lateShare().value() > 0.9 + 1e-9) {
        throw new IllegalArgumentException(
            "promises: minShare of all promises and routing.lateShare are "
                + Math.round(100 * (guaranteed + routing.lateShare().value()))
                + "% together, expected 90% at most: the rest is for the hard bound");
      }
    }
  }

  /** {@code channels.<id>}; the settings are bound by the connector's own record. */
  public record Channel(
      @Doc("The connector's name.") String connector,
      @Default("{}") @Doc("The connector's settings; see its page.") JsonNode settings,
      @Default("1")
          @Between(min = 1, max = 1000)
          @Doc("What a conversation of this channel costs of an agent's capacity.")
          int cost,
      @Nullable @Doc("Automatic first answer; none: nothing is sent by itself.")
          Acknowledgement acknowledgement) {
    /** A channel that sends nothing by itself. */
    public Channel(String connector, JsonNode settings, int cost) {
      this(connector, settings, cost, null);
    }

    /** Without the settings: they hold secrets. */
    @Override
    public String toString() {
      return "Channel[" + connector + ", cost=" + cost + "]";
    }
  }

  /** {@code channels.<id>.acknowledgement}. */
  public record Acknowledgement(
      @Doc("Text by language, such as zh or en-GB; the first is for every other language.")
          Map<String, String> text,
      @Default("{}") @Doc("Text by language while the promise's calendar is closed.")
          Map<String, String> offHours,
      @Default("24h") @Doc("A conversation gets one at most within this time.") Duration window,
      @Default("false") @Doc("Send it also while a bot has the conversation.") boolean bots,
      @Nullable @Doc("Time zone of {due}; none: that of the promise's calendar, else UTC.")
          ZoneId zone) {
    public Acknowledgement {
      Placeholders.check("text", text, bots);
      Placeholders.check("offHours", offHours, bots);
      if (text.isEmpty()) {
        throw new IllegalArgumentException("text is empty, expected at least one language");
      }
    }
  }

  /** {@code classifier}. */
  public record Classifier(
      @Doc("Address that is asked, by POST.") String url,
      @Doc("Secret of Standard Webhooks (whsec_…); a list while it is being changed.")
          Secret secret,
      @Default("300ms") @Doc("Time it has to answer; past it the rules decide alone.")
          Duration timeout,
      @Default("5")
          @Between(min = 1, max = 1000)
          @Doc("Failures one after another that let it rest.")
          int failures,
      @Default("30s") @Doc("Time it rests before it is tried again.") Duration rest,
      @Default("64")
          @Between(min = 1, max = 1000)
          @Doc("Questions on their way at once; without room the rules decide alone.")
          int inFlight) {
    public Classifier {
      Program.check(url, timeout, secret);
    }

    /** Without the address: it may carry a token. */
    @Override
    public String toString() {
      return "Classifier[timeout=" + timeout + "]";
    }
  }

  /** {@code calendars.<name>}. */
  public record Calendar(
      @Doc("Time zone of every time in it, such as Asia/Shanghai.") ZoneId zone,
      @Default("{}") @Doc("Windows by name, to be used instead of their times.")
          Map<String, String> shifts,
      @Doc("Windows of mon to sun or of ranges such as mon-fri; days without are closed.")
          Map<String, List<String>> weekly,
      @Default("[]") @Doc("Dates and ranges such as 2026-10-01..2026-10-07 that are closed.")
          List<DateRange> holidays,
      @Default("[]") @Doc("Dates that work all the same: with Monday's windows, or with their own.")
          List<JsonNode> workdays,
      @Nullable @Doc("An iCalendar file with holidays, beside this file.") String ical,
      @Default("[补班]") @Doc("Words by which an event in it is a make-up workday.")
          List<String> icalWorkdays) {

    /**
     * What it means, files included (loading has put their dates into holidays and workdays).
     *
     * @throws InvalidConfigurationException if it is not usable; loading has refused that
     */
    public OpenHours hours() {
      Problems problems = new Problems();
      OpenHours hours = CalendarReader.read(this, Path.ROOT, problems);
      problems.refuse();
      return java.util.Objects.requireNonNull(hours);
    }
  }

  /** {@code promises.<name>}. */
  public record Promise(
      @Doc("When the first human answer is due, from opening.") TargetTime firstResponse,
      @Nullable @Doc("When each later answer is due, from the oldest message without one.")
          TargetTime nextResponse,
      @Nullable @Doc("When it is to be resolved, from opening.") TargetTime resolution,
      @Nullable @Doc("Time of an outside party while a conversation is paused on the supplier.")
          TargetTime supplier,
      @Nullable
          @Doc("Time to come back when a pause ends by itself; none: nextResponse, firstResponse.")
          TargetTime followUp,
      @Nullable
          @RefersTo("calendars")
          @Doc("Calendar on which the time is counted; none: around the clock.")
          String calendar,
      @Default("75%")
          @OneOrMore
          @Doc("Shares of the time, or times before it is due, that warn; at risk from the first.")
          List<WarnLevel> warnAt,
      @Default("human")
          @OneOf({"human", "bot", "turn"})
          @Doc("Whose answer counts: a person's, a bot's too, or each turn's by either.")
          String fulfilledBy,
      @Default("from_change")
          @OneOf({"from_change", "from_creation"})
          @Doc("From when this promise counts when a conversation is raised to it.")
          String onRaise,
      @Default("90%") @Doc("Share of conversations to answer in time.") Share objective,
      @Default("1")
          @Doc("What keeping this promise is worth beside others; in a peak the lightest give way.")
          double weight,
      @Default("0%") @Doc("Share of decisions guaranteed to this promise while it waits.")
          Share minShare,
      @Default("[]") @Doc("Who is told, level after level, while it is not kept; 16 at most.")
          List<EscalationLevel> escalation) {
    public Promise {
      if (!(weight > 0 && weight <= 1_000_000)) {
        throw new IllegalArgumentException(
            "weight is " + weight + ", expected more than 0 and 1000000 at most");
      }
    }
  }

  /** {@code defaults}. */
  public record Defaults(
      @RefersTo("queues") @Doc("Queue of a conversation no rule sends elsewhere.") String queue,
      @RefersTo("promises") @Doc("Promise of a conversation no rule gives another.")
          String promise) {}

  /** {@code triage[]}. */
  public record TriageRule(
      @Doc("CEL condition over message, contact, customer, channel, hours and words.") String when,
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
      @Default("[]") @Doc("Tags to add.") List<String> tags,
      @Default("[]")
          @Doc("Skills asked for a while each, instead of the queue's steps; then anybody.")
          List<RoutingStep> steps,
      @Nullable @RefersTo("agents") @Doc("Preferred agent; see routing.preferredAgent.")
          String agent) {
    /** Without steps and agent. */
    public TriageSet(
        @Nullable String promise,
        @Nullable Integer priority,
        @Nullable String queue,
        Map<String, Integer> skills,
        @Nullable String category,
        @Nullable String complaint,
        @Nullable String language,
        List<String> tags) {
      this(promise, priority, queue, skills, category, complaint, language, tags, List.of(), null);
    }

    public TriageSet {
      RoutingStep.check(steps);
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
          @Doc("Conversations that may wait; more overflow, or are refused with 503.")
          int maxWaiting,
      @Default("[]")
          @Doc("Skills asked for a while each, from entering the queue on; then anybody.")
          List<RoutingStep> steps,
      @Nullable @Doc("Where conversations go that this queue does not keep; none: nowhere.")
          QueueOverflow overflow) {
    /** A queue where everybody who serves it may have everything. */
    public Queue(int maxWaiting) {
      this(maxWaiting, List.of(), null);
    }

    public Queue {
      RoutingStep.check(steps);
      Integer length = overflow == null ? null : overflow.length();
      if (length != null && length > maxWaiting) {
        throw new IllegalArgumentException(
            "overflow.length is " + length + ", expected " + maxWaiting + " (maxWaiting) at most");
      }
    }
  }

  /** {@code routing}. */
  public record Routing(
      @Default("keep-promises")
          @OneOf({"keep-promises", "edf", "strict", "ageing", "fifo"})
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
          Duration vanishGrace,
      @Default("1")
          @Between(min = 1, max = 5)
          @Doc("Agents a conversation is offered to at once; the first to accept gets it.")
          int offerTo,
      @Nullable
          @Doc(
              "Time an agent has for a first word to a customer who waits; then it goes to"
                  + " another. None: it stays.")
          Duration returnAfter,
      @Default("2")
          @Between(min = 1, max = 10)
          @Doc(
              "Times one conversation is taken back so; after the last it is offered to supervisors"
                  + " first.")
          int returnHops,
      @Default("0s")
          @Between(min = 0)
          @Doc("What writing adds to returnAfter, once per assignment; not longer than that.")
          Duration returnGrace,
      @Default("0s")
          @Between(min = 0)
          @Doc(
              "Time a resolved conversation still takes capacity, or until the agent is available.")
          Duration wrapUp,
      @Default("0s")
          @Between(min = 0)
          @Doc("Time in which only the agent who answered last gets it, while there; 0s: first.")
          Duration lastAgent,
      @Default("0s")
          @Between(min = 0)
          @Doc("Time in which only triage's preferred agent gets it, while there; 0s: first.")
          Duration preferredAgent,
      @Default("false")
          @Doc("Who speaks the language comes before who has the higher skill levels.")
          boolean languageFirst,
      @Default("0s")
          @Between(min = 0)
          @Doc("Time in which only agents who speak the language get it, while one is there.")
          Duration languageWait,
      @Nullable
          @Doc(
              "A conversation that waits for the customer longer than this is inactive; none: never.")
          Duration inactiveAfter,
      @Default("0")
          @Between(min = 0, max = 1000)
          @Doc("What an inactive conversation costs of an agent's capacity, if that is less.")
          int inactiveCost,
      @Nullable @Doc("How agents begin who sign in; none: with all their capacity.")
          WarmUp warmUp) {
    public Routing {
      if (returnAfter == null && !returnGrace.isZero()) {
        throw new IllegalArgumentException(
            "returnGrace has no effect without returnAfter, expected both or neither");
      }
      if (returnAfter != null && returnGrace.compareTo(returnAfter) > 0) {
        throw new IllegalArgumentException(
            "returnGrace is longer than returnAfter, expected that long or shorter");
      }
    }
  }

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
          int capacity,
      @Default("{}") @Doc("Queues of these the agent gets only what waited that long there.")
          Map<String, Duration> delays,
      @Default("75s")
          @Doc(
              "Time without a poll until the agent is offline, 75s to 1h; longer for an application"
                  + " on a phone that sleeps in the background.")
          Duration lease) {
    /** The longest poll and 20 s more. */
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(75);

    private static final Duration LONGEST_LEASE = Duration.ofHours(1);

    /** An agent who gets everything of its queues at once. */
    public Agent(
        Secret token,
        String role,
        List<String> queues,
        Map<String, Integer> skills,
        List<String> languages,
        int capacity) {
      this(token, role, queues, skills, languages, capacity, Map.of(), SHORTEST_LEASE);
    }

    public Agent {
      if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
        throw new IllegalArgumentException(
            "lease is " + lease.toSeconds() + " s, expected 75s (the longest poll and 20 s) to 1h");
      }
      for (String queue : delays.keySet()) {
        if (!queues.contains(queue)) {
          throw new IllegalArgumentException(
              "delays." + queue + ": is none of the agent's queues, expected one of " + queues);
        }
      }
    }
  }

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
          Duration lostGrace,
      @Default("5")
          @Between(min = 1, max = 1000)
          @Doc("Conversations in a row it was silent in or lost: new ones go to people at once.")
          int failures,
      @Default("30s") @Doc("Time after which a new conversation tries it again, until it replies.")
          Duration rest) {}

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

  /** {@code events.<name>}: what an endpoint of another system is told. */
  public record EventEndpoint(
      @Doc("Address events are posted to: https://…, or http:// of this machine.") String url,
      @Doc("Secret of Standard Webhooks (whsec_…); a list while it is being changed.")
          Secret secret,
      @OneOf({
            "conversation.opened",
            "conversation.reopened",
            "conversation.assigned",
            "conversation.requeued",
            "conversation.handed-off",
            "conversation.transferred",
            "conversation.released",
            "conversation.resolved",
            "conversation.closed",
            "conversation.unreachable",
            "message.received",
            "message.failed",
            "promise.at-risk",
            "promise.breached",
            "promise.escalated",
            "promise.acknowledged",
            "supplier.at-risk",
            "supplier.breached"
          })
          @Doc("Names of the events it gets.")
          List<String> events,
      @Default("false")
          @Doc("Accept http:// to other machines: whoever is between reads the events.")
          boolean insecure,
      @Default("10s") @Doc("Time the endpoint has to answer 2xx.") Duration timeout,
      @Default("20") @Between(min = 1, max = 1000) @Doc("Attempts before an event is given up.")
          int maxAttempts,
      @Default("10000") @Between(min = 1) @Doc("Events that may wait; past it the oldest go.")
          int maxPending) {
    public EventEndpoint {
      secret.all().forEach(EventEndpoint::requireKey);
      if (events.isEmpty()) {
        throw new IllegalArgumentException("events is empty, expected at least one name");
      }
      if (!url.matches("https://[^\\s#/?@]+(/[^\\s#]*)?") && !isPlain(url, insecure)) {
        throw new IllegalArgumentException(
            "url is not https:// without user and fragment, expected that (http:// only for"
                + " 127.0.0.1, [::1] and localhost, or with insecure: true)");
      }
    }

    private static void requireKey(String secret) {
      try {
        if (secret.startsWith("whsec_")
            && Base64.getDecoder().decode(secret.substring("whsec_".length())).length > 0) {
          return;
        }
      } catch (IllegalArgumentException e) {
        // the decoder's message quotes characters of the secret: it is not passed on
      }
      throw new IllegalArgumentException("secret is not base64 after whsec_, expected that");
    }

    private static boolean isPlain(String url, boolean insecure) {
      return url.matches("http://(127\\.0\\.0\\.1|\\[::1]|localhost)(:\\d+)?(/[^\\s#]*)?")
          || (insecure && url.matches("http://[^\\s#/?@]+(/[^\\s#]*)?"));
    }

    /** Without the address: it may carry a token. */
    @Override
    public String toString() {
      return "EventEndpoint" + events;
    }
  }

  /** {@code outbox}. */
  public record Outbox(
      @Default("10s")
          @Doc("Total time one send may take, at most half of it waiting for an HTTP connection.")
          Duration sendTimeout,
      @Default("13")
          @Between(min = 1, max = 100)
          @Doc(
              "Attempts before a message is a dead letter; 13 with the pauses below outlast an"
                  + " outage of ten minutes.")
          int maxAttempts,
      @Default("1s") @Doc("First pause before repeating; doubles with jitter.") Duration firstRetry,
      @Default("5m") @Doc("Longest pause before repeating.") Duration maxRetry,
      @Default("64") @Between(min = 1) @Doc("Sends in flight per channel.") int inFlight,
      @Default("10000")
          @Between(min = 1)
          @Doc("Dead letters kept of a channel; at the bound it sends no more until some are gone.")
          int maxDeadLetters) {}
}
