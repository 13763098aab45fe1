// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.load.CrashRun;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on 127.0.0.1 that can misbehave as networks do: cut connections, take what comes and
 * pass nothing on, keep back the answers, be slow, lose packets. Every way of misbehaving may be
 * switched on and off at any time, from any thread.
 *
 * <p>A lost packet is what TCP makes of it: everything behind it waits for the retransmission.
 */
public final class TcpProxy implements AutoCloseable {

  /** Linux sends a lost segment again after 200 ms at the earliest. */
  private static final long RETRANSMISSION_MILLIS = 200;

  private final Vertx vertx;
  private final Random random;
  private final NetServer server;
  private final NetClient client;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answersKept = new AtomicInteger();
  private volatile int target;
  private volatile boolean refuses;
  private volatile boolean silent;
  private volatile boolean keepsAnswers;
  private volatile int delayMillis;
  private volatile int jitterMillis;
  private volatile double loss;

  /** Listens on a free port and passes on to {@code target} on 127.0.0.1. */
  TcpProxy(Vertx vertx, int target, long seed) {
    this.vertx = vertx;
    this.target = target;
    this.random = new Random(seed);
    this.client = vertx.createNetClient();
    this.server = vertx.createNetServer().connectHandler(this::connect);
    NetServer listening = CrashRun.await(server.listen(0, "127.0.0.1"), 10);
    assert listening == server;
  }

  /** Its port. */
  public int port() {
    return server.actualPort();
  }

  /** {@code redis://127.0.0.1:port}. */
  public String redisUrl() {
    return "redis://127.0.0.1:" + port();
  }

  /** {@code http://127.0.0.1:port}. */
  public String httpUrl() {
    return "http://127.0.0.1:" + port();
  }

  /** Open connections. */
  public int connections() {
    return pairs.size();
  }

  /** Where new connections lead from now on. */
  public void retarget(int port) {
    target = port;
  }

  /** Closes every connection; new ones are taken. */
  public void cut() {
    pairs.forEach(Pair::close);
  }

  /** Cuts everything and takes nothing until {@link #heal}. */
  public void refuse() {
    refuses = true;
    cut();
  }

  /** From now on bytes go nowhere, in both directions, and connections stay open. */
  public void silence() {
    pairs.forEach(pair -> pair.dead = true);
    silent = true;
  }

  /**
   * Ends every misbehaviour for connections made from now on. Those that were silenced stay so, as
   * with a firewall that forgot them.
   */
  public void heal() {
    refuses = false;
    silent = false;
    keepsAnswers = false;
    loss = 0;
    slow(0, 0);
  }

  /** Silenced connections are closed: their peers learn that they are gone. */
  public void cutSilenced() {
    pairs.stream().filter(pair -> pair.dead).forEach(Pair::close);
  }

  /**
   * What the server answers is dropped from now on, on a connection that lost an answer for good;
   * how many pieces were, {@link #answersKept}.
   */
  public void keepAnswers() {
    answersKept.set(0);
    keepsAnswers = true;
  }

  /** Pieces of answers dropped since {@link #keepAnswers}. */
  public int answersKept() {
    return answersKept.get();
  }

  /** Each direction takes so long, ms, give or take the jitter; bytes stay in order. */
  public void slow(int delay, int jitter) {
    delayMillis = delay;
    jitterMillis = jitter;
  }

  /** Share of pieces that are lost and sent again. */
  public void lose(double share) {
    loss = share;
  }

  private void connect(NetSocket near) {
    if (refuses) {
      near.close().onFailure(gone -> {});
      return;
    }
    near.pause();
    client
        .connect(target, "127.0.0.1")
        .onSuccess(far -> new Pair(near, far).open())
        .onFailure(nobody -> near.close().onFailure(gone -> {}));
  }

  private long delay() {
    long spread = jitterMillis == 0 ? 0 : random.nextInt(2 * jitterMillis + 1) - jitterMillis;
    long lost = loss > 0 && random.nextDouble() < loss ? RETRANSMISSION_MILLIS : 0;
    return Math.max(0, delayMillis + spread) + lost;
  }

  @Override
  public void close() {
    cut();
    server.close().onFailure(gone -> {});
    client.close().onFailure(gone -> {});
  }

  /** Bytes on their way, and when they arrive. */
  private record Piece(long atNanos, Buffer bytes) {}

  /** One connection: the client's socket and ours to the server, on one event loop. */
  private final class Pair {
    private final NetSocket near;
    private final NetSocket far;
    volatile boolean dead;
    private volatile boolean hasHole;

    Pair(NetSocket near, NetSocket far) {
      this.near = near;
      this.far = far;
      this.dead = silent;
    }

    void open() {
      pairs.add(this);
      if (refuses) {
        close();
        return;
      }
      pipe(near, far, false);
      pipe(far, near, true);
    }

    private void pipe(NetSocket from, NetSocket to, boolean answers) {
      Queue<Piece> late = new ArrayDeque<>();
      from.exceptionHandler(gone -> close());
      from.closeHandler(closed -> close());
      from.handler(bytes -> pass(bytes, from, to, answers, late));
      from.resume();
    }

    private void pass(
        Buffer bytes, NetSocket from, NetSocket to, boolean answers, Queue<Piece> late) {
      if (dead) {
        return;
      }
      if (answers && (keepsAnswers || hasHole)) {
        // no network loses a piece and delivers the next one of the same connection
        hasHole = true;
        answersKept.incrementAndGet();
        return;
      }
      long delay = delay();
      if (delay == 0 && late.isEmpty()) {
        write(bytes, from, to);
        return;
      }
      late.add(new Piece(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay), bytes));
      if (late.size() == 1) {
        wait(from, to, late);
      }
    }

    /** One timer per direction, for the first of those that wait: bytes stay in order. */
    private void wait(NetSocket from, NetSocket to, Queue<Piece> late) {
      Piece first = late.peek();
      if (first == null) {
        return;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(first.atNanos() - System.nanoTime());
      vertx.setTimer(
          Math.max(1, left),
          timer -> {
            while (!late.isEmpty() && late.element().atNanos() - System.nanoTime() <= 0) {
              write(late.remove().bytes(), from, to);
            }
            wait(from, to, late);
          });
    }

    private void write(Buffer bytes, NetSocket from, NetSocket to) {
      if (dead) {
        return;
      }
      to.write(bytes).onFailure(gone -> close());
      if (to.writeQueueFull()) {
        from.pause();
        to.drainHandler(drained -> from.resume());
      }
    }

    void close() {
      dead = true; // the sockets close later, on their own loop
      pairs.remove(this);
      near.close().onFailure(gone -> {});
      far.close().onFailure(gone -> {});
    }
  }
}
