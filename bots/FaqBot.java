// SPDX-License-Identifier: Apache-2.0

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An example bot on the public protocol, with nothing but a JDK: answers from a short list,
 * acknowledges, and hands about a third of the conversations to people.
 *
 * <pre>
 * java bots/FaqBot.java ws://localhost:8080/bots/demo/faq          (the token in FAQ_TOKEN)
 * </pre>
 *
 * <p>What a bot has to do: acknowledge each {@code message} frame when it is dealt with, answer
 * with the {@code epoch} it was told, name each command with an id of its own (the same id after a
 * reconnect repeats nothing), and connect again when the socket ends. Frames that were not
 * acknowledged come again.
 */
public final class FaqBot implements WebSocket.Listener {

  /** A bot of your own should use a JSON library; these few fields need none. */
  private static final Pattern FIELD = Pattern.compile("\"%s\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private static final Map<String, String> ANSWERS =
      Map.of(
          "hours", "We are here from nine to six, every day.",
          "price", "All prices are on the page of the product.",
          "order", "Your order is on its way; the link in your mail shows where.");

  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final URI address;
  private final String token;
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringBuilder partial = new StringBuilder();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong handedOver = new AtomicLong();
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private CountDownLatch ended = new CountDownLatch(1);

  private FaqBot(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) throws InterruptedException {
    String token = System.getenv("FAQ_TOKEN");
    if (arguments.length != 1 || token == null || token.isEmpty()) {
      System.err.println(
          "usage: FAQ_TOKEN=… java bots/FaqBot.java ws://HOST:PORT/bots/WORKSPACE/BOT");
      System.exit(2);
    }
    new FaqBot(URI.create(arguments[0]), token).run();
  }

  private void run() throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      ended = new CountDownLatch(1);
      partial.setLength(0);
      try {
        client
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .buildAsync(address, this)
            .join();
        System.out.println("FaqBot: connected to " + address);
        pause = FIRST_PAUSE_MILLIS;
        ended.await();
      } catch (RuntimeException refused) {
        System.err.println("FaqBot: not connected, trying again");
      }
      Thread.sleep(pause + (long) (Math.random() * pause));
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      String frame = partial.toString();
      partial.setLength(0);
      if (frame.startsWith("{\"type\":\"message\"") || frame.contains("\"type\":\"message\"")) {
        answer(socket, frame);
      } else if ("error".equals(field(frame, "type"))) {
        System.err.println("FaqBot: " + field(frame, "detail"));
      }
    }
    socket.request(1);
    return null;
  }

  private void answer(WebSocket socket, String frame) {
    String cursor = field(frame, "cursor");
    String message = frame.substring(frame.indexOf("\"message\":"));
    String conversation = field(message, "conversation");
    String text = field(message, "text");
    Matcher epoch = Pattern.compile("\"epoch\"\\s*:\\s*(\\d+)").matcher(frame);
    if (cursor.isEmpty() || conversation.isEmpty() || !epoch.find()) {
      return;
    }
    String command =
        ",\"id\":\"%s\",\"conversation\":\"%s\",\"epoch\":%s"
            .formatted(cursor, conversation, epoch.group(1));
    if (isForPeople(conversation)) {
      send(
          socket,
          "{\"type\":\"handoff\"%s,\"reason\":\"not in the list\"}".formatted(command));
      handedOver.incrementAndGet();
    } else {
      send(
          socket,
          "{\"type\":\"reply\"%s,\"for\":\"%s\",\"contents\":[{\"kind\":\"text\",\"text\":\"%s\"}]}"
              .formatted(command, cursor, replyTo(text)));
      answered.incrementAndGet();
    }
    send(socket, "{\"type\":\"ack\",\"cursor\":\"%s\"}".formatted(cursor));
  }

  /** About a third, and always the same ones: a repeat gets the same treatment. */
  private static boolean isForPeople(String conversation) {
    return Math.floorMod(conversation.hashCode(), 3) == 0;
  }

  private static String replyTo(String text) {
    return ANSWERS.entrySet().stream()
        .filter(known -> text.toLowerCase().contains(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("Thank you for writing. Could you tell me a little more?");
  }

  /** One send at a time, as the JDK's socket wants it. */
  private void send(WebSocket socket, String frame) {
    sending =
        sending
            .handle((before, failure) -> socket.sendText(frame, true))
            .thenCompose(sent -> sent)
            .exceptionally(lost -> null);
  }

  private static String field(String json, String name) {
    Matcher found = Pattern.compile(FIELD.pattern().formatted(name)).matcher(json);
    return found.find() ? found.group(1) : "";
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    System.err.println(
        "FaqBot: closed with %d; answered %d, handed over %d"
            .formatted(code, answered.get(), handedOver.get()));
    if (code == 4401) {
      System.err.println("FaqBot: the token is not this bot's");
      System.exit(1);
    }
    ended.countDown();
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable failure) {
    ended.countDown();
  }
}
