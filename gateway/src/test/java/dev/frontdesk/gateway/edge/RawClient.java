// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A bare socket, for everything a well-behaved client would never send. */
final class RawClient implements AutoCloseable {

  private final Socket socket;
  long written;

  RawClient(int port) {
    try {
      socket = new Socket();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** False when the other side does not take any more. */
  boolean write(String text) {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  boolean write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      written += bytes.length;
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The next so many bytes. */
  String read(int count) {
    try {
      socket.setSoTimeout(5_000);
      return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything until the server closes; fails when it does not within {@code most}. */
  String readToEnd(Duration most) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try {
      socket.setSoTimeout((int) most.toMillis());
      byte[] chunk = new byte[8_192];
      for (int n = socket.getInputStream().read(chunk);
          n >= 0;
          n = socket.getInputStream().read(chunk)) {
        read.write(chunk, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "the connection is still open after " + most + ", it said: " + read, e);
    } catch (IOException e) {
      // reset: closed as well
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
