// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.load.CrashRun;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy before a server that says back what it is told. */
class TcpProxyTest {

  private final Vertx vertx = Vertx.vertx();
  private NetServer echo;
  private TcpProxy proxy;

  @BeforeEach
  void start() {
    echo =
        CrashRun.await(
            vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(socket::write))
                .listen(0, "127.0.0.1"),
            10);
    proxy = new TcpProxy(vertx, echo.actualPort(), 1);
  }

  @AfterEach
  void stop() {
    proxy.close();
    CrashRun.await(vertx.close(), 10);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(2_000);
    return socket;
  }

  private static String echoed(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(200);
    assertThatThrownBy(() -> echoed(socket, "x")).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void bytes_arePassedOn_inOrder_howeverSlowAndLossy() throws IOException {
    String text = "0123456789".repeat(200);
    try (Socket socket = connect()) {
      assertThat(echoed(socket, text)).isEqualTo(text);
      proxy.slow(5, 5);
      proxy.lose(0.2);
      for (int i = 0; i < 5; i++) {
        assertThat(echoed(socket, text)).isEqualTo(text);
      }
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 300; i++) {
        socket.getOutputStream().write((i + ",").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        all.append(i).append(',');
      }
      socket.setSoTimeout(10_000);
      assertThat(
              new String(
                  socket.getInputStream().readNBytes(all.length()), StandardCharsets.US_ASCII))
          .isEqualTo(all.toString());
    }
  }

  @Test
  void cut_closesWhatIsOpen_andTakesNewOnes() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, "a")).isEqualTo("a");

      proxy.cut();

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    try (Socket again = connect()) {
      assertThat(echoed(again, "b")).isEqualTo("b");
    }
  }

  @Test
  void silence_leavesConnectionsOpen_andHealingRevivesNewOnesOnly() throws IOException {
    try (Socket old = connect()) {
      assertThat(echoed(old, "a")).isEqualTo("a");

      proxy.silence();

      assertSilent(old);
      try (Socket meanwhile = connect()) {
        assertSilent(meanwhile);
      }
      proxy.heal();
      assertSilent(old);
      try (Socket next = connect()) {
        assertThat(echoed(next, "b")).isEqualTo("b");
      }
    }
  }

  @Test
  void answersKept_areCounted_andReachNobody() throws IOException {
    try (Socket socket = connect()) {
      assertThat(echoed(socket, "a")).isEqualTo("a");

      proxy.keepAnswers();

      assertSilent(socket);
      assertThat(proxy.answersKept()).isEqualTo(1);
    }
  }

  @Test
  void refusal_closesNewConnections_untilHealed() throws IOException {
    proxy.refuse();
    try (Socket socket = connect()) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    proxy.heal();

    try (Socket socket = connect()) {
      assertThat(echoed(socket, "a")).isEqualTo("a");
    }
  }

  @Test
  void target_ofNewConnections_canBeAnother() throws IOException {
    NetServer other =
        CrashRun.await(
            vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(bytes -> socket.write("!")))
                .listen(0, "127.0.0.1"),
            10);

    proxy.retarget(other.actualPort());

    try (Socket socket = connect()) {
      assertThat(echoed(socket, "a")).isEqualTo("!");
    }
  }
}
