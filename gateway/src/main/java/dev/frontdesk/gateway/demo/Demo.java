// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.demo;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.gateway.client.ApiClient;
import dev.frontdesk.gateway.client.GatewayProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** One run of the demonstration: everybody comes, works, goes, and the books are closed. */
final class Demo {

  /** Threads of the three agents: each call to the gateway holds one. */
  private static final int AGENT_THREADS = 12;

  private final ConfigLoader loader;
  private final InstantSource clock;
  private final PrintWriter out;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService street = daemons(1, "customers");
  private final ScheduledExecutorService office = daemons(AGENT_THREADS, "agents");
  private final DemoBook book = new DemoBook();

  Demo(ConfigLoader loader, InstantSource clock, PrintWriter out) {
    this.loader = loader;
    this.clock = clock;
    this.out = out;
  }

  /**
   * Plays until interrupted, or for a while; true if the ledger balances.
   *
   * @param length how long customers write, null: until interrupted
   */
  boolean play(@Nullable Duration length, CountDownLatch interrupted)
      throws IOException, InterruptedException {
    DemoFolder folder = DemoFolder.create();
    DemoSettings settings = new DemoSettings(loader.load(folder.config()));
    DemoPlatforms platforms = await(DemoPlatforms.start(vertx, clock, settings));
    Map<String, String> environment = new HashMap<>(platforms.environment());
    environment.put("DEMO_DATA", folder.work().resolve("data").toString());
    DemoProcesses processes = new DemoProcesses(folder);
    GatewayProcess gateway = started(processes, environment);
    Process bot = processes.bot(botAddress(gateway.publicUrl()), settings.botToken());
    introduce(folder, settings, gateway);
    DemoDay day = day(gateway, settings, platforms);
    processes.awaitConnected(bot);
    day.work(length, interrupted);
    out.println("reading everything back");
    DemoLedger ledger = day.account();
    List<String> wrong = new ArrayList<>(ledger.imbalances());
    wrong.addAll(troubles(ledger));
    DemoProcesses.end(bot);
    await(day.close());
    int blocked = gateway.blockedWarnings();
    int code = gateway.stop();
    await(vertx.close());
    if (code != 0) {
      wrong.add("the gateway ended with " + code + " instead of 0");
    }
    if (blocked > 0) {
      wrong.add("event loops were blocked for more than 100 ms: " + blocked + " warnings");
    }
    return conclude(ledger, wrong, folder);
  }

  private List<String> troubles(DemoLedger ledger) {
    List<String> wrong = new ArrayList<>();
    if (book.shownAgainCount() > 0) {
      wrong.add("replies on site: " + book.shownAgainCount() + " were shown again");
    }
    if (ledger.foreign() > 0) {
      out.println(ledger.foreign() + " messages came from somebody else");
    }
    out.println(
        book.acceptedCount()
            + " messages, "
            + book.repeatedCount()
            + " of them sent twice, "
            + book.refusedCount()
            + " refusals; replies "
            + ledger.sent());
    return wrong;
  }

  private boolean conclude(DemoLedger ledger, List<String> wrong, DemoFolder folder) {
    if (wrong.isEmpty()) {
      folder.delete();
    } else {
      wrong.forEach(sentence -> out.println("not clean: " + sentence));
      out.println("logs are kept in " + folder.work());
    }
    out.println(ledger.line());
    out.flush();
    return wrong.isEmpty();
  }

  private static GatewayProcess started(DemoProcesses processes, Map<String, String> environment)
      throws IOException {
    try {
      return processes.gateway(environment);
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String botAddress(URI gateway) {
    return "ws://" + gateway.getAuthority() + "/bots/" + DemoSettings.WORKSPACE + "/faq";
  }

  private DemoDay day(GatewayProcess gateway, DemoSettings settings, DemoPlatforms platforms)
      throws InterruptedException {
    URI url = gateway.publicUrl();
    Random random = new Random();
    WebhookCalls calls = new WebhookCalls(http, url, book, street, random);
    DemoVisitors visitors = new DemoVisitors(vertx, url, book);
    DemoLines lines = new DemoLines(settings, platforms.wechat(), url, calls, street, clock);
    return new DemoDay(
        book,
        platforms,
        visitors,
        new DemoCustomers(lines, visitors, street, random),
        new DemoAgents(http, url, settings, office),
        new DemoView(
            out,
            DemoView.isTerminal(),
            new ApiClient(http, url, settings.agentToken("sue")),
            book,
            platforms),
        new ReadBack(
            new ApiClient(http, url, settings.agentToken("olga")), gateway.managementUrl()));
  }

  /** Says where everything is, and what to paste into another terminal. */
  private void introduce(DemoFolder folder, DemoSettings settings, GatewayProcess gateway) {
    String script = folder.project().resolve("frontdesk").toString();
    String config = folder.project().resolve("config/demo.yaml").toString();
    URI url = gateway.publicUrl();
    out.println(
        "gateway at " + url + " after " + gateway.startMillis() + " ms; paste to take part");
    out.println(
        "  write as a customer   "
            + script
            + " send --config "
            + config
            + " --url "
            + url
            + " --channel hook --text 'I want my money back'");
    out.println(
        "  see the queue         curl -sH 'Authorization: Bearer "
            + settings.agentToken("sue")
            + "' "
            + url
            + "/api/v1/queue");
    out.println(
        "  answer as an agent    "
            + script
            + " agent --config "
            + config
            + " --url "
            + url
            + " --as you");
  }

  private static ScheduledExecutorService daemons(int threads, String name) {
    return Executors.newScheduledThreadPool(
        threads,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
