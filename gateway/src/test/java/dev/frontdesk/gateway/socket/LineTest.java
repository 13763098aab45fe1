// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import static dev.frontdesk.gateway.store.redis.TestRedis.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.frontdesk.gateway.domain.Conversation;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a socket does with a peer that misbehaves, byte by byte. */
class LineTest {

  private static final int TEXT = 0x81;

  /** Times 40 kB is more than the kernel takes for a peer that reads nothing. */
  private static final int MANY = 100;

  /** More than the kernel keeps of a connection with so small buffers at both ends. */
  private static final long KERNEL_BYTES = 131_072;

  private final SocketFixture desk = new SocketFixture();

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void frame_unmasked_isAProtocolError() throws IOException {
    try (Socket raw = visitor(SocketFixture.limits())) {
      raw.getOutputStream().write(new byte[] {(byte) TEXT, 2, '{', '}'});

      assertThat(closeCode(raw)).isEqualTo(1002);
    }
  }

  @Test
  void frame_of300KiB_isTooBig() throws IOException {
    try (Socket raw = visitor(SocketFixture.limits())) {
      raw.getOutputStream()
          .write(new byte[] {(byte) TEXT, (byte) 0xFF, 0, 0, 0, 0, 0, 4, (byte) 0xB0, 0});

      assertThat(closeCode(raw)).isEqualTo(1009);
    }
  }

  @Test
  void frame_halfThenSilence_isLostWithTheHeartbeat() throws IOException {
    try (Socket raw = visitor(beat(Duration.ofMillis(100)))) {
      raw.getOutputStream().write(new byte[] {(byte) TEXT, (byte) 0x85, 1, 2});
      long before = System.nanoTime();

      assertThat(closeCode(raw)).isEqualTo(1001);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void frame_binary_isRefused() throws IOException {
    try (Socket raw = visitor(SocketFixture.limits())) {
      raw.getOutputStream().write(new byte[] {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 1});

      assertThat(closeCode(raw)).isEqualTo(1003);
    }
  }

  @Test
  void peer_thatLeavesBeforeItIsCutOff_isNoFailure() throws IOException {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    desk.vertx.exceptionHandler(failures::add);
    try (Socket raw = visitor(SocketFixture.limits())) {
      raw.setSoLinger(true, 0); // a reset: nobody answers the close frame
      raw.getOutputStream().write(new byte[] {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 1});
      assertThat(closeCode(raw)).isEqualTo(1003);
    }

    // the connection is cut 1 s after the close frame
    org.awaitility.Awaitility.await()
        .during(Duration.ofMillis(1_500))
        .atMost(Duration.ofSeconds(10))
        .until(failures::isEmpty);
  }

  @Test
  void compression_isNotOffered() throws IOException {
    try (Socket raw = connect(desk.node(SocketFixture.limits()).port(), "/chat/%s/site")) {
      assertThat(handshake(raw)).contains("101").doesNotContainIgnoringCase("permessage-deflate");
      // a compressed frame (RSV1) of a peer that did not ask
      raw.getOutputStream().write(new byte[] {(byte) 0xC1, (byte) 0x81, 0, 0, 0, 0, 1});

      assertThat(closeCode(raw)).isEqualTo(1002);
    }
  }

  @Test
  void reader_thatTakesAlmostNothing_isClosedWith1013_andLittleIsKeptForIt() throws IOException {
    SocketFixture.Node node = desk.node(beat(Duration.ofMillis(300)));
    for (int i = 0; i < MANY; i++) {
      assertThat(desk.customerWrites("asked", "c1", i + "x".repeat(40_000))).isNotNull();
    }

    // who begins to read a second after the close frame finds the connection cut: the next one then
    End end = new End(-1, 0);
    for (int tried = 0; tried < 5 && end.code() < 0; tried++) {
      end = endOfASlowReader(node.port());
    }

    assertThat(end.code()).isEqualTo(CloseCode.OVERLOADED.code());
    assertThat(end.bytes()).isBetween(40_000L, SocketFixture.limits().queueBytes() + KERNEL_BYTES);
    assertThat(await(desk.store.sortedCount(desk.keys.botFrames("faq")))).isEqualTo(MANY);
  }

  /** Takes a byte each 10 ms for three heartbeats, and then all there is. */
  private End endOfASlowReader(int port) throws IOException {
    try (Socket raw = slow(port)) {
      assertThat(handshake(raw)).contains("101");
      InputStream in = raw.getInputStream();
      PushbackInputStream frames = new PushbackInputStream(in, 90);
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      org.awaitility.Awaitility.await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                int one = in.read();
                if (one < 0) {
                  throw new SocketException("closed");
                }
                taken.write(one);
                return taken.size() == 90;
              });
      frames.unread(taken.toByteArray());
      return end(frames);
    } catch (SocketException cut) {
      return new End(-1, 0);
    }
  }

  private Socket slow(int port) throws IOException {
    Socket raw = new Socket();
    raw.setReceiveBufferSize(4_096);
    raw.setSoTimeout(10_000);
    raw.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    request(raw, "/bots/" + desk.id + "/faq", "Authorization: Bearer " + SocketFixture.TOKEN);
    return raw;
  }

  @Test
  void reader_thatTakesNothing_isClosedAndItsFramesStay() throws IOException {
    SocketFixture.Node node = desk.node(beat(Duration.ofMillis(300)));
    try (Socket raw = slow(node.port())) {
      assertThat(handshake(raw)).contains("101");
      org.awaitility.Awaitility.await().until(() -> sessions() == 1);
      String big = "x".repeat(40_000);
      Conversation.Id id = null;
      for (int i = 0; i < MANY; i++) {
        id = desk.customerWrites("asked", "c1", i + big);
      }

      org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> sessions() == 0);

      assertThat(await(desk.store.sortedCount(desk.keys.botFrames("faq")))).isEqualTo(MANY);
      assertThat(desk.messages(id)).hasSize(MANY);
      int patient =
          desk.node(SocketFixture.limits()).port(); // a pause of this JVM ends no line here
      Peer heir = Peer.bot(desk.vertx, patient, desk.id, SocketFixture.TOKEN);
      for (int i = 0; i < MANY; i++) {
        JsonObject told = heir.next("message");
        assertThat(told.getJsonObject("message").getInteger("seq")).isEqualTo(i + 1);
        heir.send(new JsonObject().put("type", "ack").put("cursor", told.getString("cursor")));
      }
    }
  }

  @Test
  void pings_inAFlood_endTheSocket() throws IOException {
    try (Socket raw = visitor(beat(Duration.ofMillis(300)))) {
      byte[] flood = new byte[6_000];
      for (int at = 0; at < flood.length; at += 6) {
        flood[at] = (byte) 0x89;
        flood[at + 1] = (byte) 0x80;
      }

      // never read: the pongs pile up until the line notices that none of its own comes
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000_000; i++) {
                  raw.getOutputStream().write(flood);
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  private static SocketLimits beat(Duration heartbeat) {
    return SocketFixture.limits().withHeartbeat(heartbeat);
  }

  private Socket visitor(SocketLimits limits) throws IOException {
    Socket raw = connect(desk.node(limits).port(), "/chat/%s/site");
    assertThat(handshake(raw)).contains("101");
    return raw;
  }

  private Socket connect(int port, String path) throws IOException {
    Socket raw = new Socket(InetAddress.getLoopbackAddress(), port);
    raw.setSoTimeout(10_000);
    request(
        raw,
        String.format(java.util.Locale.ROOT, path, desk.id),
        "Sec-WebSocket-Extensions: permessage-deflate");
    return raw;
  }

  private static void request(Socket raw, String path, String header) throws IOException {
    String request =
        """
        GET %s HTTP/1.1
        Host: localhost
        Upgrade: websocket
        Connection: Upgrade
        %s
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """
            .replace("\n", "\r\n");
    raw.getOutputStream()
        .write(
            String.format(java.util.Locale.ROOT, request, path, header)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static String handshake(Socket raw) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) raw.getInputStream().read());
    }
    return answer.toString();
  }

  /** Sessions of the bot; the row beside theirs is the registry's own. */
  private int sessions() {
    return await(desk.store.hashAll(desk.keys.botSessions("faq"))).size() - 1;
  }

  /**
   * What a peer read up to its end.
   *
   * @param code of the close frame; -1: there was none
   * @param bytes of all frames before it
   */
  private record End(int code, long bytes) {}

  private static int closeCode(Socket raw) throws IOException {
    return end(raw.getInputStream()).code();
  }

  /** Reads frames up to a close frame. */
  private static End end(InputStream in) throws IOException {
    DataInputStream frames = new DataInputStream(in);
    long bytes = 0;
    try {
      while (true) {
        int first = frames.readUnsignedByte();
        int length = frames.readUnsignedByte();
        byte[] payload = new byte[(int) extended(length, frames)];
        frames.readFully(payload);
        if ((first & 0xF) == 8) {
          boolean coded = payload.length >= 2;
          return new End(coded ? ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF) : -1, bytes);
        }
        bytes += payload.length;
      }
    } catch (EOFException cut) {
      return new End(-1, bytes);
    }
  }

  private static long extended(int length, DataInputStream frames) throws IOException {
    return length == 127 ? frames.readLong() : length == 126 ? frames.readUnsignedShort() : length;
  }
}
