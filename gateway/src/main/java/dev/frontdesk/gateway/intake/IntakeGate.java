// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.intake;

import dev.frontdesk.gateway.problem.GatewayException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether new customer messages are taken: closed while the gateway starts and while the disk is
 * nearly full. Each reason closes and opens it for itself. Thread-safe.
 */
public final class IntakeGate {

  private final Set<String> reasons = ConcurrentHashMap.newKeySet();

  public boolean isOpen() {
    return reasons.isEmpty();
  }

  /** Closes the gate; {@code reason} is a problem code such as {@code disk-full}. */
  public void close(String reason) {
    reasons.add(reason);
  }

  /** Takes this reason away; the gate opens with the last one. */
  public void open(String reason) {
    reasons.remove(reason);
  }

  /** Why the gate is closed; empty while it is open. */
  public Optional<String> reason() {
    return reasons.stream().findFirst();
  }

  /** The problem a platform gets while the gate is closed: 503, it repeats later. */
  public GatewayException refusal() {
    return new GatewayException(
        GatewayException.Kind.UNAVAILABLE,
        reason().orElse("busy"),
        "new messages are not taken now; repeat later");
  }
}
