// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection on which something was asked and nothing has come back for too long; Lettuce
 * then makes a new one. {@code TCP_USER_TIMEOUT} does that where nobody acknowledges our bytes; a
 * proxy, a sidecar or a load balancer between us and Redis acknowledges them for ever, also when it
 * has lost its other half. Used on the event loop of its channel.
 */
final class SilenceCut extends ChannelDuplexHandler {

  private static final Logger LOG = LoggerFactory.getLogger(SilenceCut.class);

  private final long longestNanos;
  private boolean waiting;
  private boolean watching;
  private long askedAt;

  /** Cuts after that much silence. */
  SilenceCut(Duration longest) {
    this.longestNanos = longest.toNanos();
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (!waiting) {
      waiting = true;
      askedAt = System.nanoTime();
      if (!watching) {
        watch(context, longestNanos);
      }
    }
    context.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    waiting = false;
    context.fireChannelRead(bytes);
  }

  /** One task per connection at most, however many ask. */
  private void watch(ChannelHandlerContext context, long nanos) {
    watching = true;
    var unused = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext context) {
    watching = false;
    if (!waiting || !context.channel().isActive()) {
      return;
    }
    long left = longestNanos - (System.nanoTime() - askedAt);
    if (left > 0) {
      watch(context, left);
      return;
    }
    LOG.atWarn()
        .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(longestNanos))
        .log("A connection to the store passes nothing on, it is made anew");
    var unused = context.close();
  }
}
