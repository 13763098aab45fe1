// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One open WebSocket within its bounds.
 *
 * <ol>
 *   <li>Text frames are handed on in order, on the socket's context; while {@link
 *       SocketLimits#inFlight} of them are being worked on the socket is not read.
 *   <li>What the peer does not take is counted; past {@link SocketLimits#queueBytes} the line ends
 *       with 1013, and nothing is written after that.
 *   <li>A peer that answers no ping twice in a row, or takes nothing of what is queued from one
 *       ping to the next, is gone; the line then ends by itself.
 *   <li>{@code onEnd} runs exactly once, whoever ends the line.
 * </ol>
 *
 * <p>{@link #send} and {@link #close} may be called from any thread.
 */
public final class Line {

  /** Pings without any sign of life after which a peer is lost. */
  private static final int LOST_AFTER = 2;

  /** Time a peer has to take the close frame before the connection is cut. */
  private static final long CUT_AFTER_MILLIS = 1_000;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final Runnable cut;
  private final SocketLimits limits;
  private final AtomicLong queued = new AtomicLong();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final FrameRate rate;
  private volatile Runnable onDrain = () -> {};
  private int working;
  private long written;
  private long writtenAtPing;
  private int unanswered;
  private long pings = -1;

  /**
   * A line over an open socket; call {@link #open} on the socket's context at once.
   *
   * @param cut ends the TCP connection without a word
   */
  public Line(Vertx vertx, ServerWebSocket socket, Runnable cut, SocketLimits limits) {
    this.vertx = vertx;
    this.socket = socket;
    this.cut = cut;
    this.limits = limits;
    this.rate = new FrameRate(limits.framesPerSecond());
  }

  /**
   * Starts reading.
   *
   * @param onText what to do with a text frame; the future ends when it is dealt with
   * @param onEnd runs once, when the socket is closed by either side
   */
  public void open(Function<String, Future<?>> onText, Runnable onEnd) {
    socket.exceptionHandler(failure -> close(CloseCode.of(failure)));
    socket.frameHandler(frame -> seen());
    socket.pongHandler(pong -> unanswered = 0);
    socket.binaryMessageHandler(binary -> close(CloseCode.TEXT_ONLY));
    socket.textMessageHandler(text -> receive(text, onText));
    pings = vertx.setPeriodic(limits.heartbeat().toMillis(), id -> ping());
    socket.closeHandler(
        closed -> {
          vertx.cancelTimer(pings);
          ending.set(true);
          if (ended.compareAndSet(false, true)) {
            onEnd.run();
          }
        });
  }

  /** What to do when a queue that was half full is empty again. */
  public void onDrain(Runnable task) {
    onDrain = task;
  }

  private void seen() {
    unanswered = 0;
    if (!rate.take()) {
      close(CloseCode.POLICY);
    }
  }

  private void receive(String text, Function<String, Future<?>> onText) {
    if (ending.get()) {
      return;
    }
    if (++working == limits.inFlight()) {
      socket.pause();
    }
    Context own = vertx.getOrCreateContext();
    onText.apply(text).onComplete(done -> own.runOnContext(ignored -> finish()));
  }

  private void finish() {
    if (working-- == limits.inFlight()) {
      socket.resume();
    }
  }

  /** Writes one frame; false when the line is ending and nothing was written. */
  public boolean send(JsonObject frame) {
    if (ending.get()) {
      return false;
    }
    String text = frame.encode();
    long size = bytes(text);
    if (queued.addAndGet(size) > limits.queueBytes()) {
      close(CloseCode.OVERLOADED);
      return false;
    }
    socket.writeTextMessage(text).onComplete(done -> taken(size));
    return true;
  }

  private void taken(long size) {
    written++;
    long before = queued.getAndAdd(-size);
    if (before > limits.queueBytes() / 2 && before - size <= limits.queueBytes() / 2) {
      onDrain.run();
    }
  }

  /** Whether more than half of the queue is used: what can wait, waits. */
  public boolean isBusy() {
    return queued.get() > limits.queueBytes() / 2;
  }

  /** Whether frames are still written. */
  public boolean isOpen() {
    return !ending.get();
  }

  private void ping() {
    boolean stuck = queued.get() > 0 && written == writtenAtPing;
    writtenAtPing = written;
    if (stuck) {
      close(CloseCode.OVERLOADED);
    } else if (unanswered >= LOST_AFTER) {
      close(CloseCode.HEARTBEAT_LOST);
    } else {
      unanswered++;
      socket.writePing(Buffer.buffer("frontdesk")).onFailure(lost -> close(CloseCode.FAILED));
    }
  }

  /** Ends the line: a close frame, then the connection, whether the peer takes it or not. */
  public Future<Void> close(CloseCode code) {
    if (!ending.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    // not cancelled when the close frame is queued: only the end of the connection is the end
    vertx.setTimer(CUT_AFTER_MILLIS, id -> cut.run());
    return socket.close(code.code(), code.reason()).otherwiseEmpty();
  }

  private static long bytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // half of a surrogate pair is two of its four bytes
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
