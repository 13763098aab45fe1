// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load.wake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long the disk takes for what the store asks of it at each commit: {@value #BYTES} bytes
 * appended to a file and forced, again and again on a thread of its own.
 */
final class FsyncProbe implements AutoCloseable {

  /** About what the append-only file grows by with one batch of commits. */
  static final int BYTES = 4_500;

  private final FileChannel file;
  private final Duration pause;
  private final ConcurrentHistogram micros = new ConcurrentHistogram(60_000_000L, 3);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::measure, "fsync-probe");
  private volatile boolean failed;

  /** Begins; {@code file} is made, on the file system that is measured. */
  FsyncProbe(Path file, int perSecond) {
    try {
      this.file = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.pause = Duration.ofSeconds(1).dividedBy(perSecond);
    thread.setDaemon(true);
    thread.start();
  }

  private void measure() {
    byte[] bytes = new byte[BYTES];
    Random random = new Random(BYTES);
    try {
      while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        random.nextBytes(bytes);
        long began = System.nanoTime();
        int written = file.write(ByteBuffer.wrap(bytes));
        file.force(false);
        assert written == BYTES;
        micros.recordValue(Math.max(1, (System.nanoTime() - began) / 1_000));
      }
    } catch (IOException e) {
      failed = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was measured since the last call, microseconds. */
  Histogram take() {
    Histogram taken = micros.copy();
    micros.reset();
    if (failed) {
      throw new IllegalStateException("the file of the fsync probe cannot be written");
    }
    return taken;
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(5_000);
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
