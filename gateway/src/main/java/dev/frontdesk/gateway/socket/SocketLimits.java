// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import dev.frontdesk.config.FrontdeskConfig;
import java.time.Duration;

/**
 * The bounds of one kind of socket.
 *
 * @param queueBytes bytes written and not yet taken by the peer; more ends the socket with 1013
 * @param inFlight commands of one socket being worked on; at the bound it is not read
 * @param unacknowledged frames one bot session holds without having acknowledged them
 * @param framesPerSecond sustained rate of frames; a socket may be twice that ahead, then 1008
 * @param heartbeat time between pings; a peer is lost when two in a row are not answered
 * @param firstFrame time a peer has to say who it is
 */
public record SocketLimits(
    int queueBytes,
    int inFlight,
    int unacknowledged,
    int framesPerSecond,
    Duration heartbeat,
    Duration firstFrame) {

  /** The heartbeat of the public contract, section 6. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  /** Time to authenticate by the first frame. */
  private static final Duration FIRST_FRAME = Duration.ofSeconds(5);

  /** The bounds of a bot's socket. */
  public static SocketLimits bots(FrontdeskConfig.Limits limits) {
    return of(limits, 64, 2_000);
  }

  /** The bounds of a visitor's socket: a person does not type faster. */
  public static SocketLimits visitors(FrontdeskConfig.Limits limits) {
    return of(limits, 8, 20);
  }

  private static SocketLimits of(FrontdeskConfig.Limits limits, int inFlight, int frames) {
    return new SocketLimits(
        limits.socketQueueBytes(), inFlight, 256, frames, HEARTBEAT, FIRST_FRAME);
  }

  SocketLimits withHeartbeat(Duration other) {
    return new SocketLimits(
        queueBytes, inFlight, unacknowledged, framesPerSecond, other, firstFrame);
  }
}
