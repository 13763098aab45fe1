// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP port in front of a Redis that can lose answers: after execution, before the reply. */
final class CuttingProxy {

  private final NetServer server;
  private final NetClient client;
  private volatile SocketAddress target;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<NetSocket> forgotten = ConcurrentHashMap.newKeySet();
  private volatile boolean losing;

  private CuttingProxy(Vertx vertx, SocketAddress target) {
    this.server = vertx.createNetServer();
    this.client = vertx.createNetClient();
    this.target = target;
  }

  static Future<CuttingProxy> open(Vertx vertx, SocketAddress target) {
    CuttingProxy proxy = new CuttingProxy(vertx, target);
    return proxy.server.connectHandler(proxy::accept).listen(0, "127.0.0.1").map(ok -> proxy);
  }

  int port() {
    return server.actualPort();
  }

  /** Connections made so far. */
  int accepted() {
    return accepted.get();
  }

  private void accept(NetSocket near) {
    accepted.incrementAndGet();
    near.pause();
    client
        .connect(target)
        .onFailure(cause -> near.close())
        .onSuccess(
            far -> {
              open.add(near);
              near.handler(
                  asked -> {
                    if (!forgotten.contains(near)) {
                      far.write(asked);
                    }
                  });
              far.handler(
                  answer -> {
                    if (!losing && !forgotten.contains(near)) {
                      near.write(answer);
                    }
                  });
              near.closeHandler(
                  closed -> {
                    open.remove(near);
                    forgotten.remove(near);
                    far.close();
                  });
              far.closeHandler(closed -> near.close());
              near.resume();
            });
  }

  /** Connections made from now on lead there. */
  void aim(SocketAddress other) {
    target = other;
  }

  /** From now on answers are lost; {@link #cut} ends it. */
  void loseAnswers() {
    losing = true;
  }

  /** Open connections stay open and pass nothing on any more; new ones work. */
  void forget() {
    forgotten.addAll(open);
  }

  /** Closes every connection; new ones work. */
  void cut() {
    losing = false;
    Set.copyOf(open).forEach(NetSocket::close);
  }

  Future<Void> close() {
    return server.close().eventually(client::close);
  }
}
