// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.fault;

import dev.frontdesk.gateway.client.GatewayProcess;
import dev.frontdesk.load.RedisProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * HTTP/2 in plain text, by prior knowledge and by upgrade, with a flood of streams that are reset
 * at once: it is not spoken, so there is nothing to flood.
 */
final class W15Http2Floods extends ProcessRow {

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  W15Http2Floods() {
    super("W-15", "HTTP/2 rapid reset");
  }

  @Override
  public void run(Rig rig, Findings found, boolean control) throws IOException {
    RedisProcess redis = rig.redis();
    GatewayProcess gateway = rig.gateway("gateway", redis.url());
    found.equal("opensByPriorKnowledge", 0, flood(gateway, PREFACE));
    String upgrade =
        String.join(
            "\r\n",
            "GET /health HTTP/1.1",
            "Host: x",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "",
            "");
    try (Socket socket = open(gateway)) {
      write(socket, upgrade);
      byte[] head = socket.getInputStream().readNBytes(12);
      String line = new String(head, StandardCharsets.US_ASCII);
      found.note("upgradeAnswered", line.trim());
      found.holds("notSwitched", !line.contains("101"));
    }
    found.equal("servesAfterwards", 200, rig.send(gateway, "c", "c-0", "hello"));
    found.note("blockedWarnings", gateway.blockedWarnings());
  }

  /** 1 when the peer answered in frames of HTTP/2 after a flood of resets, else 0. */
  private static int flood(GatewayProcess gateway, String preface) throws IOException {
    try (Socket socket = open(gateway)) {
      OutputStream out = socket.getOutputStream();
      write(socket, preface);
      out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      ByteArrayOutputStream frames = new ByteArrayOutputStream();
      for (int stream = 1; stream < 20_000; stream += 2) {
        frames.writeBytes(
            frame(4, 1, 5, stream, new byte[] {(byte) 0x82, (byte) 0x84, (byte) 0x86, 0x41}));
        frames.writeBytes(frame(4, 3, 0, stream, new byte[] {0, 0, 0, 8}));
      }
      try {
        out.write(frames.toByteArray());
      } catch (IOException closed) {
        // the peer wanted no more
      }
      return isHttp2(socket.getInputStream()) ? 1 : 0;
    }
  }

  private static boolean isHttp2(InputStream in) {
    try {
      byte[] first = in.readNBytes(9);
      return first.length == 9 && first[0] == 0 && first[3] == 4;
    } catch (SocketTimeoutException silent) {
      return false;
    } catch (IOException closed) {
      return false;
    }
  }

  private static byte[] frame(int length, int type, int flags, int stream, byte[] payload) {
    byte[] all = new byte[9 + payload.length];
    all[2] = (byte) length;
    all[3] = (byte) type;
    all[4] = (byte) flags;
    all[6] = (byte) (stream >>> 16);
    all[7] = (byte) (stream >>> 8);
    all[8] = (byte) stream;
    System.arraycopy(payload, 0, all, 9, payload.length);
    return all;
  }

  private static Socket open(GatewayProcess gateway) throws IOException {
    Socket socket = new Socket(gateway.publicUrl().getHost(), gateway.publicUrl().getPort());
    socket.setSoTimeout(3_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
